package io.roomfield.slam.field;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One level of the scene representation: features on the vertices of a block-sparse voxel lattice
 * (NICE-SLAM, section 3.1; blocks are ours, see algorithm 1a).
 *
 * <p>The vertex with lattice index {@code (i, j, k)} sits at {@code (i, j, k) * voxelEdge} metres.
 * A block holds {@value #BLOCK_EDGE}^3 vertices, vertex-major with channels contiguous: feature
 * {@code c} of the vertex {@code (x, y, z)} inside its block is at {@code ((z * 8 + y) * 8 + x) *
 * channels + c}. A point's feature is the trilinear interpolation of its eight vertices, where
 * vertices of blocks that are not allocated count as zero.
 *
 * <p>Blocks are found through a page table: a dense array of block numbers over the bounding box of
 * the allocated blocks, which grows with them. Block numbers are given in order of allocation and
 * never change; contents of a new block depend on its position and the seed only.
 *
 * <p>The mapper owns one mutable grid and changes it on its own thread; everyone else reads {@link
 * #snapshot snapshots}, which share the contents of blocks that did not change.
 */
public final class FeatureGrid {
  public static final int BLOCK_EDGE = 8;
  public static final int BLOCK_SHIFT = 3;
  public static final int BLOCK_VOXELS = BLOCK_EDGE * BLOCK_EDGE * BLOCK_EDGE;

  private static final int MAX_PAGE_ENTRIES = 1 << 26;

  private final double voxelEdge;
  private final int channels;
  private final float initialStddev;
  private final long seed;

  private int[] page = new int[0];
  private int minX;
  private int minY;
  private int minZ;
  private int sizeX;
  private int sizeY;
  private int sizeZ;

  private float[][] blocks = new float[16][];
  private int[] blockX = new int[16];
  private int[] blockY = new int[16];
  private int[] blockZ = new int[16];
  private int blockCount;

  /**
   * @param voxelEdge distance between vertices in metres, > 0
   * @param channels features per vertex, a multiple of 4
   * @param initialStddev features start as N(0, initialStddev^2)
   */
  public FeatureGrid(double voxelEdge, int channels, float initialStddev, long seed) {
    if (!(voxelEdge > 0)) {
      throw new IllegalArgumentException("voxelEdge: %s (expected: > 0 m)".formatted(voxelEdge));
    }
    if (channels <= 0 || channels % 4 != 0) {
      throw new IllegalArgumentException(
          "channels: %d (expected: a positive multiple of 4)".formatted(channels));
    }
    this.voxelEdge = voxelEdge;
    this.channels = channels;
    this.initialStddev = initialStddev;
    this.seed = seed;
  }

  private FeatureGrid(FeatureGrid of) {
    this(of.voxelEdge, of.channels, of.initialStddev, of.seed);
    page = of.page;
    minX = of.minX;
    minY = of.minY;
    minZ = of.minZ;
    sizeX = of.sizeX;
    sizeY = of.sizeY;
    sizeZ = of.sizeZ;
    blockX = of.blockX;
    blockY = of.blockY;
    blockZ = of.blockZ;
    blockCount = of.blockCount;
  }

  public double voxelEdge() {
    return voxelEdge;
  }

  public int channels() {
    return channels;
  }

  public int blockCount() {
    return blockCount;
  }

  /** Bytes of the allocated features. */
  public long bytes() {
    return (long) blockCount * BLOCK_VOXELS * channels * Float.BYTES;
  }

  /** Features of a block, {@code [512, channels]}; not a copy. */
  public float[] block(int number) {
    return blocks[number];
  }

  /** Block coordinates: the lattice index of a block's first vertex is 8 times this. */
  public int blockX(int number) {
    return blockX[number];
  }

  public int blockY(int number) {
    return blockY[number];
  }

  public int blockZ(int number) {
    return blockZ[number];
  }

  /** Number of the block at these block coordinates, or -1. */
  public int blockAt(int bx, int by, int bz) {
    int x = bx - minX;
    int y = by - minY;
    int z = bz - minZ;
    if (x < 0 || y < 0 || z < 0 || x >= sizeX || y >= sizeY || z >= sizeZ) {
      return -1;
    }
    return page[(z * sizeY + y) * sizeX + x];
  }

  /** Number of the block at these block coordinates, allocated and initialised if it was not. */
  public int allocate(int bx, int by, int bz) {
    int existing = blockAt(bx, by, bz);
    if (existing >= 0) {
      return existing;
    }
    ensurePage(bx, by, bz);
    if (blockCount == blocks.length) {
      // New arrays, never grown in place: snapshots keep reading the old ones.
      blocks = Arrays.copyOf(blocks, 2 * blockCount);
      blockX = Arrays.copyOf(blockX, 2 * blockCount);
      blockY = Arrays.copyOf(blockY, 2 * blockCount);
      blockZ = Arrays.copyOf(blockZ, 2 * blockCount);
    }
    int number = blockCount++;
    blocks[number] = initialFeatures(bx, by, bz);
    blockX[number] = bx;
    blockY[number] = by;
    blockZ[number] = bz;
    page[((bz - minZ) * sizeY + by - minY) * sizeX + bx - minX] = number;
    return number;
  }

  /**
   * A read-only picture of this grid. Blocks not marked dirty share their contents with {@code
   * previous}; dirty and new ones are copied.
   *
   * @param previous the last snapshot of this grid, or null
   * @param dirty per block number, whether it changed since; longer than {@link #blockCount}
   */
  public FeatureGrid snapshot(FeatureGrid previous, boolean[] dirty) {
    FeatureGrid copy = new FeatureGrid(this);
    copy.page = page.clone();
    copy.blocks = new float[blockCount][];
    for (int i = 0; i < blockCount; i++) {
      boolean shared = previous != null && i < previous.blockCount && !dirty[i];
      copy.blocks[i] = shared ? previous.blocks[i] : blocks[i].clone();
    }
    return copy;
  }

  private float[] initialFeatures(int bx, int by, int bz) {
    long position = (bx * 73856093L) ^ (by * 19349663L) ^ (bz * 83492791L);
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed).nextLong() ^ position);
    float[] features = new float[BLOCK_VOXELS * channels];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (initialStddev * random.nextGaussian());
    }
    return features;
  }

  private void ensurePage(int bx, int by, int bz) {
    boolean empty = page.length == 0;
    int x0 = empty ? bx : Math.min(minX, bx);
    int y0 = empty ? by : Math.min(minY, by);
    int z0 = empty ? bz : Math.min(minZ, bz);
    int x1 = empty ? bx : Math.max(minX + sizeX - 1, bx);
    int y1 = empty ? by : Math.max(minY + sizeY - 1, by);
    int z1 = empty ? bz : Math.max(minZ + sizeZ - 1, bz);
    if (!empty
        && x0 == minX
        && y0 == minY
        && z0 == minZ
        && x1 - x0 < sizeX
        && y1 - y0 < sizeY
        && z1 - z0 < sizeZ) {
      return;
    }
    long entries = (x1 - x0 + 1L) * (y1 - y0 + 1L) * (z1 - z0 + 1L);
    if (entries > MAX_PAGE_ENTRIES) {
      throw new IllegalStateException(
          "map extends over %d x %d x %d blocks of %.2f m (expected: a box of at most %d blocks)"
              .formatted(
                  x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1, BLOCK_EDGE * voxelEdge, MAX_PAGE_ENTRIES));
    }
    int[] grown = new int[(int) entries];
    Arrays.fill(grown, -1);
    int sx = x1 - x0 + 1;
    int sy = y1 - y0 + 1;
    for (int i = 0; i < blockCount; i++) {
      grown[((blockZ[i] - z0) * sy + blockY[i] - y0) * sx + blockX[i] - x0] = i;
    }
    page = grown;
    minX = x0;
    minY = y0;
    minZ = z0;
    sizeX = sx;
    sizeY = sy;
    sizeZ = z1 - z0 + 1;
  }
}
