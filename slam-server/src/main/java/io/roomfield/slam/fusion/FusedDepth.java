package io.roomfield.slam.fusion;

import io.roomfield.slam.field.BlockTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Depth frames fused into a truncated signed distance on a block-sparse lattice (Curless and Levoy,
 * SIGGRAPH 1996; Newcombe et al., <em>KinectFusion</em>, ISMAR 2011).
 *
 * <p>The vertex with lattice index {@code (i, j, k)} sits at {@code (i, j, k) * voxelEdge} metres.
 * A block holds {@value #BLOCK_EDGE}^3 vertices; the vertex {@code (x, y, z)} inside its block is
 * at {@code (z * 16 + y) * 16 + x}. With the voxel edge half the fine grid's, a block covers the
 * space of the fine grid's block of the same coordinates.
 *
 * <p>For one thread, or for several that change different blocks.
 */
public final class FusedDepth {
  public static final int BLOCK_EDGE = 16;
  public static final int BLOCK_SHIFT = 4;
  public static final int BLOCK_VOXELS = BLOCK_EDGE * BLOCK_EDGE * BLOCK_EDGE;

  /**
   * Weight, in readings at 1 m, that a vertex remembers at most: enough to average a Kinect's noise
   * of 2 mm to below 0.5 mm, few enough for the map to follow change.
   */
  public static final float MAX_WEIGHT = 16;

  /** Truncation in voxels where nothing else is asked for. */
  private static final double TRUNCATION_VOXELS = 3;

  private static final int VERTEX_BYTES = 2 * Float.BYTES;
  private static final int INITIAL_CAPACITY = 16;
  private static final int LAST = BLOCK_EDGE - 1;
  private static final int ROW = BLOCK_EDGE;
  private static final int LAYER = BLOCK_EDGE * BLOCK_EDGE;

  private final double voxelEdge;
  private final double truncation;
  private final BlockTable table;
  private float[][] distances = new float[INITIAL_CAPACITY][];
  private float[][] weights = new float[INITIAL_CAPACITY][];
  private long[] stamps = new long[INITIAL_CAPACITY];

  /**
   * @param voxelEdge distance between vertices in metres, > 0
   * @param truncation distance from the surface in metres from which on distances say no more, at
   *     least a voxel's edge
   */
  public FusedDepth(double voxelEdge, double truncation) {
    if (!(voxelEdge > 0) || !Double.isFinite(voxelEdge)) {
      throw new IllegalArgumentException("voxelEdge: %s (expected: > 0 m)".formatted(voxelEdge));
    }
    if (!(truncation >= voxelEdge) || !Double.isFinite(truncation)) {
      throw new IllegalArgumentException(
          "truncation: %s m (expected: at least the voxel's edge, %s m)"
              .formatted(truncation, voxelEdge));
    }
    this.voxelEdge = voxelEdge;
    this.truncation = truncation;
    table = new BlockTable(BLOCK_EDGE * voxelEdge);
  }

  /** An empty map whose blocks are those of a fine grid with this voxel edge in metres. */
  public static FusedDepth beside(double fineVoxelEdge) {
    double voxelEdge = fineVoxelEdge / 2;
    return new FusedDepth(voxelEdge, TRUNCATION_VOXELS * voxelEdge);
  }

  /** Metres between vertices. */
  public double voxelEdge() {
    return voxelEdge;
  }

  /** Metres. */
  public double truncation() {
    return truncation;
  }

  /**
   * Metres over which a reading's weight falls to 0 at the truncation behind the surface, from a
   * voxel behind it on (Oleynikova et al., <em>Voxblox</em>, IROS 2017, section IV-A): what lies
   * there may be the free space behind a thin or rounded thing.
   */
  public double falloff() {
    return truncation - voxelEdge;
  }

  public int blockCount() {
    return table.count();
  }

  /** Bytes of the allocated vertices. */
  public long bytes() {
    return (long) blockCount() * BLOCK_VOXELS * VERTEX_BYTES;
  }

  /** Block coordinates: the lattice index of a block's first vertex is 16 times this. */
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

  /** Number of the block at these block coordinates, allocated and never seen if it was not. */
  public int allocate(int bx, int by, int bz) {
    int existing = table.at(bx, by, bz);
    if (existing >= 0) {
      return existing;
    }
    int number = table.add(bx, by, bz);
    if (number == distances.length) {
      distances = Arrays.copyOf(distances, 2 * number);
      weights = Arrays.copyOf(weights, 2 * number);
      stamps = Arrays.copyOf(stamps, 2 * number);
    }
    changed(number);
    distances[number] = new float[BLOCK_VOXELS];
    weights[number] = new float[BLOCK_VOXELS];
    return number;
  }

  /** To be told after a block's distances or weights were changed. */
  public void changed(int number) {
    stamps[number] = BlockTable.nextStamp();
  }

  /** Tells when a block {@link #changed}: see {@link BlockTable#nextStamp}. */
  public long stamp(int number) {
    return stamps[number];
  }

  /**
   * Signed distances of a block in units of the truncation, {@code [4096]} within [-1, 1], positive
   * in free space; 0 where never seen. Not a copy.
   */
  public float[] distances(int number) {
    return distances[number];
  }

  /**
   * Accumulated weights of a block, {@code [4096]}, in readings at 1 m; 0 where never seen. Not a
   * copy.
   */
  public float[] weights(int number) {
    return weights[number];
  }

  /**
   * Signed distance at a point, trilinear.
   *
   * @param x world metres
   * @return in units of the truncation; NaN unless all eight vertices around the point were seen
   */
  public float sample(double x, double y, double z) {
    return sampleLattice(x / voxelEdge, y / voxelEdge, z / voxelEdge);
  }

  /** The same at a point given in voxels. */
  float sampleLattice(double x, double y, double z) {
    int i = (int) Math.floor(x);
    int j = (int) Math.floor(y);
    int k = (int) Math.floor(z);
    float fx = (float) (x - i);
    float fy = (float) (y - j);
    float fz = (float) (z - k);
    int lx = i & LAST;
    int ly = j & LAST;
    int lz = k & LAST;
    if (lx == LAST || ly == LAST || lz == LAST) {
      return mix(
          mix(rowAt(i, j, k, fx), rowAt(i, j + 1, k, fx), fy),
          mix(rowAt(i, j, k + 1, fx), rowAt(i, j + 1, k + 1, fx), fy),
          fz);
    }
    int block = table.at(i >> BLOCK_SHIFT, j >> BLOCK_SHIFT, k >> BLOCK_SHIFT);
    if (block < 0) {
      return Float.NaN;
    }
    float[] d = distances[block];
    float[] w = weights[block];
    int at = lz * LAYER + ly * ROW + lx;
    return mix(
        mix(rowIn(d, w, at, fx), rowIn(d, w, at + ROW, fx), fy),
        mix(rowIn(d, w, at + LAYER, fx), rowIn(d, w, at + LAYER + ROW, fx), fy),
        fz);
  }

  /** Between two neighbours in a block along x. */
  private static float rowIn(float[] d, float[] w, int at, float fraction) {
    return w[at] > 0 && w[at + 1] > 0 ? mix(d[at], d[at + 1], fraction) : Float.NaN;
  }

  private float rowAt(int i, int j, int k, float fraction) {
    return mix(vertex(i, j, k), vertex(i + 1, j, k), fraction);
  }

  /** Signed distance at a vertex; NaN where never seen. */
  public float vertex(int i, int j, int k) {
    int block = table.at(i >> BLOCK_SHIFT, j >> BLOCK_SHIFT, k >> BLOCK_SHIFT);
    if (block < 0) {
      return Float.NaN;
    }
    int at = (k & LAST) * LAYER + (j & LAST) * ROW + (i & LAST);
    return weights[block][at] > 0 ? distances[block][at] : Float.NaN;
  }

  private static float mix(float a, float b, float fraction) {
    return a + fraction * (b - a);
  }

  /** Writes the map in the form that {@link #read} reads; does not close the stream. */
  public void write(OutputStream out) throws IOException {
    FusedDepthFile.write(this, out);
  }

  /**
   * Reads a map that {@link #write} wrote, and no byte more.
   *
   * @throws IOException if the stream is not such a map, is damaged or ends early; says what was
   *     expected and what came
   */
  public static FusedDepth read(InputStream in) throws IOException {
    return FusedDepthFile.read(in);
  }
}
