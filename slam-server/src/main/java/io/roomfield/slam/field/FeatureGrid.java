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
 * <p>Blocks are found through a {@link BlockTable}: numbers are given in order of allocation and
 * never change. Contents of a new block depend on its position and the seed only.
 *
 * <p>The mapper owns one mutable grid and changes it on its own thread; everyone else reads {@link
 * #snapshot snapshots}. A snapshot shares the contents of all blocks, and a block is copied when it
 * is about to {@link #blockToChange change}.
 */
public final class FeatureGrid {
  public static final int BLOCK_EDGE = 8;
  public static final int BLOCK_SHIFT = 3;
  public static final int BLOCK_VOXELS = BLOCK_EDGE * BLOCK_EDGE * BLOCK_EDGE;

  /** What a block holds: one for all grids that show it. It may be elsewhere than in memory. */
  public static final class Content {
    private volatile float[] features;
    private EvictedFeatures elsewhere; // guarded by this, as is the next
    private boolean stays;

    private Content(float[] features) {
      this.features = features;
    }

    private float[] features() {
      float[] now = features;
      return now != null ? now : load(false);
    }

    private float[] load(boolean toStay) {
      float[] now;
      boolean came;
      EvictedFeatures from;
      synchronized (this) {
        from = elsewhere;
        came = features == null;
        if (came) {
          features = from.features();
        }
        stays |= toStay;
        now = features;
      }
      if (came) {
        from.loaded();
      }
      return now;
    }

    /** Bytes in memory. */
    public long bytes() {
      float[] now = features;
      return now == null ? 0 : (long) Float.BYTES * now.length;
    }

    /**
     * Drops the features until someone reads them.
     *
     * @param from has them as they are, for as long as the grid of which this was taken shows them
     * @return whether they were dropped: not where they were before, nor where that grid has others
     *     by now, as then only those who still look at these have them
     */
    public synchronized boolean evict(EvictedFeatures from) {
      if (stays || features == null) {
        return false;
      }
      elsewhere = from;
      features = null;
      return true;
    }
  }

  private final double voxelEdge;
  private final int channels;
  private final float initialStddev;
  private final long seed;

  private final BlockTable table;
  private Content[] blocks = new Content[16];
  private long[] stamps = new long[16];

  /** Blocks below this number may be shared with snapshots, unless they were copied since. */
  private int shared;

  private boolean[] copied = new boolean[16];

  /**
   * @param voxelEdge distance between vertices in metres, > 0
   * @param channels features per vertex, a multiple of 4; 0 where the blocks only tell what space
   *     was seen
   * @param initialStddev features start as N(0, initialStddev^2)
   */
  public FeatureGrid(double voxelEdge, int channels, float initialStddev, long seed) {
    if (!(voxelEdge > 0)) {
      throw new IllegalArgumentException("voxelEdge: %s (expected: > 0 m)".formatted(voxelEdge));
    }
    if (channels < 0 || channels % 4 != 0) {
      throw new IllegalArgumentException(
          "channels: %d (expected: 0 or a positive multiple of 4)".formatted(channels));
    }
    this.voxelEdge = voxelEdge;
    this.channels = channels;
    this.initialStddev = initialStddev;
    this.seed = seed;
    table = new BlockTable(BLOCK_EDGE * voxelEdge);
  }

  private FeatureGrid(FeatureGrid of, Content[] blocks, long[] stamps) {
    voxelEdge = of.voxelEdge;
    channels = of.channels;
    initialStddev = of.initialStddev;
    seed = of.seed;
    table = of.table.snapshot();
    this.blocks = blocks;
    this.stamps = stamps;
  }

  public double voxelEdge() {
    return voxelEdge;
  }

  public int channels() {
    return channels;
  }

  public int blockCount() {
    return table.count();
  }

  /** Bytes of the allocated features. */
  public long bytes() {
    return (long) blockCount() * BLOCK_VOXELS * channels * Float.BYTES;
  }

  /** Features of a block, {@code [512, channels]}; not a copy, and not to be changed. */
  public float[] block(int number) {
    return blocks[number].features();
  }

  /** What a block holds now, wherever it is. */
  public Content content(int number) {
    return blocks[number];
  }

  /** Bytes of the features that are in memory. */
  public long residentBytes() {
    long sum = 0;
    for (int block = 0; block < blockCount(); block++) {
      sum += blocks[block].bytes();
    }
    return sum;
  }

  /**
   * Features of a block, to be changed now, before anyone else reads the grid: no snapshot sees it.
   * Threads may change different blocks at a time.
   */
  public float[] blockToChange(int number) {
    if (number < shared && !copied[number]) {
      blocks[number] = new Content(blocks[number].load(true).clone());
      copied[number] = true;
    }
    stamps[number] = BlockTable.nextStamp();
    return blocks[number].features();
  }

  /**
   * Gives a block a new stamp, as what is kept beside its features has changed: moments, histories.
   */
  public void renew(int number) {
    stamps[number] = BlockTable.nextStamp();
  }

  /**
   * Tells contents of blocks apart, in all grids of the process: where two stamps are equal, so are
   * the features. A block has a new one from each {@link #blockToChange} and {@link #renew} on.
   */
  public long stamp(int number) {
    return stamps[number];
  }

  /** Block numbers by block coordinates, as they are now. */
  public BlockTable.Page page() {
    return table.page();
  }

  /** Block coordinates: the lattice index of a block's first vertex is 8 times this. */
  public int blockX(int number) {
    return table.x(number);
  }

  public int blockY(int number) {
    return table.y(number);
  }

  public int blockZ(int number) {
    return table.z(number);
  }

  /** Number of the block at these block coordinates, or -1. */
  public int blockAt(int bx, int by, int bz) {
    return table.at(bx, by, bz);
  }

  /** Number of the block at these block coordinates, allocated and initialised if it was not. */
  public int allocate(int bx, int by, int bz) {
    int existing = table.at(bx, by, bz);
    return existing >= 0 ? existing : add(bx, by, bz, initialFeatures(bx, by, bz));
  }

  /**
   * Adds a block with the features that it had when they were kept; the array is taken over.
   *
   * @return its number
   * @throws IllegalArgumentException if there is a block, or these are not a block's features
   */
  public int restore(int bx, int by, int bz, float[] features) {
    if (table.at(bx, by, bz) >= 0) {
      throw new IllegalArgumentException("block (%d, %d, %d) is there".formatted(bx, by, bz));
    }
    if (features.length != BLOCK_VOXELS * channels) {
      throw new IllegalArgumentException(
          "block (%d, %d, %d): %d features (expected: %d)"
              .formatted(bx, by, bz, features.length, BLOCK_VOXELS * channels));
    }
    return add(bx, by, bz, features);
  }

  private int add(int bx, int by, int bz, float[] features) {
    int number = table.add(bx, by, bz);
    if (number == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * number);
      copied = Arrays.copyOf(copied, 2 * number);
      stamps = Arrays.copyOf(stamps, 2 * number);
    }
    stamps[number] = BlockTable.nextStamp();
    blocks[number] = new Content(features);
    return number;
  }

  /** Gives a block the features that it was allocated with. */
  public void initialise(int number) {
    float[] features = initialFeatures(blockX(number), blockY(number), blockZ(number));
    System.arraycopy(features, 0, blockToChange(number), 0, features.length);
  }

  /** A read-only picture of this grid as it is now. */
  public FeatureGrid snapshot() {
    shared = blockCount();
    Arrays.fill(copied, false);
    return new FeatureGrid(this, Arrays.copyOf(blocks, shared), Arrays.copyOf(stamps, shared));
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
}
