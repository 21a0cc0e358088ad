package io.roomfield.slam.fusion;

import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;

/**
 * Reads what the fused depth knows around the vertices of a feature grid: per vertex a patch of
 * 5x5x5 signed distances and as many seen flags, at half the grid's own spacing, so that it reaches
 * one voxel to every side (decoders.md, 2). A block of the grid is loaded at once.
 */
public final class PatchReader implements VertexObservations {
  /** Lattice points along a patch's edge. */
  public static final int EDGE = DecoderFamily.PATCH_EDGE;

  private static final int POINTS = EDGE * EDGE * EDGE;

  /** Distances {@code [5, 5, 5]} (z, y, x; 0 where not seen), then flags {@code [5, 5, 5]}. */
  public static final int INPUTS = DecoderFamily.ENCODER_INPUTS;

  /** How far a patch reaches from its vertex to every side, in voxels of the grid. */
  public static final double REACH_VOXELS = (EDGE - 1) / 4.0;

  /** From this distance on, a patch is free space and nothing else. */
  private static final float FREE = 0.999f;

  /** Lattice points of a block and its patches' margins, along an edge. */
  private static final int SPAN = 2 * (FeatureGrid.BLOCK_EDGE - 1) + EDGE;

  private final FusedDepth fused;
  private final int stride;
  private final float[] distance = new float[SPAN * SPAN * SPAN];
  private final float[] seen = new float[SPAN * SPAN * SPAN];
  private final float[] seenBefore = new float[(SPAN + 1) * (SPAN + 1) * (SPAN + 1)];
  private final float[] distanceBefore = new float[(SPAN + 1) * (SPAN + 1) * (SPAN + 1)];
  private boolean anySeen;

  /**
   * @param gridVoxel voxel edge of the feature grid, a whole multiple of twice the fused depth's
   * @throws IllegalArgumentException if it is not
   */
  public PatchReader(FusedDepth fused, double gridVoxel) {
    this.fused = fused;
    double ratio = gridVoxel / (2 * fused.voxelEdge());
    stride = (int) Math.round(ratio);
    if (stride < 1 || Math.abs(ratio - stride) > 1e-6) {
      throw new IllegalArgumentException(
          "voxel edge: %s m (expected: a whole multiple of %s m, twice the fused depth's)"
              .formatted(gridVoxel, 2 * fused.voxelEdge()));
    }
  }

  @Override
  public int inputSize() {
    return INPUTS;
  }

  @Override
  public void load(int blockX, int blockY, int blockZ) {
    int cells = 2 * FeatureGrid.BLOCK_EDGE;
    int margin = EDGE / 2;
    Arrays.fill(distance, 0f);
    Arrays.fill(seen, 0f);
    anySeen = false;
    int x0 = (blockX * cells - margin) * stride;
    int y0 = (blockY * cells - margin) * stride;
    int z0 = (blockZ * cells - margin) * stride;
    int last = (SPAN - 1) * stride;
    int edge = FusedDepth.BLOCK_EDGE;
    for (int bz = Math.floorDiv(z0, edge); bz <= Math.floorDiv(z0 + last, edge); bz++) {
      for (int by = Math.floorDiv(y0, edge); by <= Math.floorDiv(y0 + last, edge); by++) {
        for (int bx = Math.floorDiv(x0, edge); bx <= Math.floorDiv(x0 + last, edge); bx++) {
          int block = fused.blockAt(bx, by, bz);
          if (block >= 0) {
            loadPart(block, bx * edge - x0, by * edge - y0, bz * edge - z0);
          }
        }
      }
    }
    if (anySeen) {
      sums(seen, seenBefore);
      sums(distance, distanceBefore);
    }
  }

  /** Copies one fused block; its first point lies at lattice offset (x, y, z) from ours. */
  private void loadPart(int block, int x, int y, int z) {
    float[] distances = fused.distances(block);
    float[] weights = fused.weights(block);
    int edge = FusedDepth.BLOCK_EDGE;
    for (int k = firstIn(z); k < lastIn(z); k++) {
      for (int j = firstIn(y); j < lastIn(y); j++) {
        int row = ((k * stride - z) * edge + j * stride - y) * edge - x;
        int to = (k * SPAN + j) * SPAN;
        for (int i = firstIn(x); i < lastIn(x); i++) {
          if (weights[row + i * stride] > 0) {
            distance[to + i] = distances[row + i * stride];
            seen[to + i] = 1f;
            anySeen = true;
          }
        }
      }
    }
  }

  /** First of our points at or after a fused block's first, along an axis. */
  private int firstIn(int offset) {
    return Math.max(0, Math.ceilDiv(offset, stride));
  }

  private int lastIn(int offset) {
    return Math.min(SPAN, Math.ceilDiv(offset + FusedDepth.BLOCK_EDGE, stride));
  }

  /** Sums over all points before each, so that a patch's sum takes eight reads. */
  private static void sums(float[] values, float[] before) {
    int side = SPAN + 1;
    for (int k = 1; k < side; k++) {
      for (int j = 1; j < side; j++) {
        float row = 0;
        for (int i = 1; i < side; i++) {
          row += values[((k - 1) * SPAN + j - 1) * SPAN + i - 1];
          int at = (k * side + j) * side + i;
          before[at] =
              row + before[at - side] + before[at - side * side] - before[at - side - side * side];
        }
      }
    }
  }

  private static float patchSum(float[] before, int vertex) {
    int side = SPAN + 1;
    int x = 2 * (vertex % FeatureGrid.BLOCK_EDGE);
    int y = 2 * (vertex / FeatureGrid.BLOCK_EDGE % FeatureGrid.BLOCK_EDGE);
    int z = 2 * (vertex / (FeatureGrid.BLOCK_EDGE * FeatureGrid.BLOCK_EDGE));
    int low = (z * side + y) * side + x;
    int high = low + EDGE * side * side;
    int up = EDGE * side;
    return before[high + up + EDGE]
        - before[high + up]
        - before[high + EDGE]
        + before[high]
        - before[low + up + EDGE]
        + before[low + up]
        + before[low + EDGE]
        - before[low];
  }

  /** Whether any point of the loaded block's patches was seen. */
  public boolean anySeen() {
    return anySeen;
  }

  @Override
  public Kind kind(int vertex) {
    int count = seenPoints(vertex);
    if (count == 0) {
      return Kind.UNSEEN;
    }
    boolean free = count == POINTS && patchSum(distanceBefore, vertex) >= FREE * POINTS;
    return free ? Kind.FREE : Kind.MIXED;
  }

  /** How many points of the patch were seen, 0 to 125. */
  public int seenPoints(int vertex) {
    return anySeen ? Math.round(patchSum(seenBefore, vertex)) : 0;
  }

  /** Mean signed distance over the patch's seen points, in truncations; 0 where there is none. */
  public float meanDistance(int vertex) {
    int count = seenPoints(vertex);
    return count == 0 ? 0f : patchSum(distanceBefore, vertex) / count;
  }

  @Override
  public void copy(int vertex, float[] inputs, int at) {
    int x = 2 * (vertex % FeatureGrid.BLOCK_EDGE);
    int y = 2 * (vertex / FeatureGrid.BLOCK_EDGE % FeatureGrid.BLOCK_EDGE);
    int z = 2 * (vertex / (FeatureGrid.BLOCK_EDGE * FeatureGrid.BLOCK_EDGE));
    int to = at;
    for (int k = 0; k < EDGE; k++) {
      for (int j = 0; j < EDGE; j++) {
        int from = ((z + k) * SPAN + y + j) * SPAN + x;
        System.arraycopy(distance, from, inputs, to, EDGE);
        System.arraycopy(seen, from, inputs, to + POINTS, EDGE);
        to += EDGE;
      }
    }
  }
}
