package io.roomfield.slam.fusion;

import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the fused depth knows within metres of the coarse level's vertices: the coarse encoder's
 * inputs, from which it guesses the walls and floors that no one saw. Space is summed up in cells
 * of half a coarse voxel; a vertex sees 5x5x5 of them, and of each how much of it was seen free,
 * how much surface it has, where that lies on average and which way it faces.
 *
 * <p>The patch has the form of the finer levels' (see {@link PatchReader}); the cells' means stand
 * in for its distances, as a surface's place and direction, not its distance at a point, are what
 * can be continued into the unseen.
 */
public final class RoomReader implements VertexObservations {
  /** Per cell: free share, surface amount, mean surface point [3], mean normal [3]. */
  private static final int VALUES = 8;

  private static final int EDGE = PatchReader.EDGE;

  public static final int INPUTS = EDGE * EDGE * EDGE * VALUES;

  /** Cells of a block and its patches' margins, along an edge. */
  private static final int SPAN = 2 * (FeatureGrid.BLOCK_EDGE - 1) + EDGE;

  /** Nearer to a surface than this, in truncations, a seen voxel counts as its. */
  private static final float NEAR = 0.3f;

  private final FusedDepth fused;
  private final double cellEdge;

  /** Sums over a fused block's voxels, by cell. */
  private final Map<Integer, Map<Cell, double[]>> sumsOfBlocks = new HashMap<>();

  private final Map<Cell, double[]> cells = new HashMap<>();
  private final float[] values = new float[SPAN * SPAN * SPAN * VALUES];
  private final boolean[] seen = new boolean[SPAN * SPAN * SPAN];

  private record Cell(int x, int y, int z) {}

  /**
   * @param coarseVoxel voxel edge of the coarse grid in metres
   */
  public RoomReader(FusedDepth fused, double coarseVoxel) {
    this.fused = fused;
    cellEdge = coarseVoxel / 2;
  }

  /** Sums up blocks of the fused depth that changed. */
  public void update(int[] changedBlocks) {
    for (int block : changedBlocks) {
      Map<Cell, double[]> old = sumsOfBlocks.put(block, sums(block));
      if (old != null) {
        old.forEach((cell, sum) -> add(cell, sum, -1));
      }
      sumsOfBlocks.get(block).forEach((cell, sum) -> add(cell, sum, 1));
    }
  }

  private void add(Cell cell, double[] sum, int sign) {
    double[] to = cells.computeIfAbsent(cell, c -> new double[VALUES]);
    for (int i = 0; i < VALUES; i++) {
      to[i] += sign * sum[i];
    }
  }

  /** A block's counts of free and of surface voxels, and sums of surface points and normals. */
  private Map<Cell, double[]> sums(int block) {
    Map<Cell, double[]> sums = new HashMap<>();
    int edge = FusedDepth.BLOCK_EDGE;
    float[] weights = fused.weights(block);
    float[] distances = fused.distances(block);
    double voxel = fused.voxelEdge();
    for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
      if (weights[i] > 0) {
        double x = (fused.blockX(block) * edge + i % edge) * voxel;
        double y = (fused.blockY(block) * edge + i / edge % edge) * voxel;
        double z = (fused.blockZ(block) * edge + i / (edge * edge)) * voxel;
        Cell cell = new Cell(cell(x), cell(y), cell(z));
        double[] sum = sums.computeIfAbsent(cell, c -> new double[VALUES]);
        sum[0] += distances[i] > NEAR ? 1 : 0;
        if (Math.abs(distances[i]) <= NEAR) {
          surface(sum, distances, weights, i, new double[] {x, y, z});
        }
      }
    }
    return sums;
  }

  private int cell(double x) {
    return (int) Math.floor(x / cellEdge + 0.5);
  }

  /** Adds a voxel near a surface, where its neighbours tell which way that faces. */
  private void surface(double[] sum, float[] distances, float[] weights, int i, double[] point) {
    double[] normal = new double[3];
    int step = 1;
    for (int a = 0; a < 3; a++) {
      int at = i / step % FusedDepth.BLOCK_EDGE;
      int low = at == 0 ? i : i - step;
      int high = at == FusedDepth.BLOCK_EDGE - 1 ? i : i + step;
      if (!(weights[low] > 0 && weights[high] > 0)) {
        return;
      }
      normal[a] = (distances[high] - distances[low]) * step / (double) (high - low);
      step *= FusedDepth.BLOCK_EDGE;
    }
    double length = Math.hypot(normal[0], Math.hypot(normal[1], normal[2]));
    if (length > 0) {
      sum[1] += 1;
      for (int a = 0; a < 3; a++) {
        sum[2 + a] += point[a];
        sum[5 + a] += normal[a] / length;
      }
    }
  }

  @Override
  public int inputSize() {
    return INPUTS;
  }

  @Override
  public void load(int blockX, int blockY, int blockZ) {
    int first = EDGE / 2;
    int per = 2 * FeatureGrid.BLOCK_EDGE;
    Arrays.fill(values, 0f);
    Arrays.fill(seen, false);
    for (int k = 0; k < SPAN; k++) {
      for (int j = 0; j < SPAN; j++) {
        for (int i = 0; i < SPAN; i++) {
          Cell cell =
              new Cell(
                  blockX * per + i - first, blockY * per + j - first, blockZ * per + k - first);
          double[] sum = cells.get(cell);
          int at = (k * SPAN + j) * SPAN + i;
          if (sum != null && sum[0] + sum[1] > 0) {
            seen[at] = true;
            write(cell, sum, at * VALUES);
          }
        }
      }
    }
  }

  /** A cell's values: shares of its volume and of a wall's worth of voxels, offsets in cells. */
  private void write(Cell cell, double[] sum, int at) {
    double perEdge = cellEdge / fused.voxelEdge();
    double wall = perEdge * perEdge * 2 * NEAR * fused.truncation() / fused.voxelEdge();
    values[at] = (float) Math.min(1, sum[0] / (perEdge * perEdge * perEdge));
    double count = sum[1];
    if (count >= 1) {
      values[at + 1] = (float) Math.min(1, count / wall);
      int[] index = {cell.x, cell.y, cell.z};
      for (int a = 0; a < 3; a++) {
        values[at + 2 + a] = (float) (sum[2 + a] / count / cellEdge - index[a]);
        values[at + 5 + a] = (float) (sum[5 + a] / count);
      }
    }
  }

  @Override
  public Kind kind(int vertex) {
    int low = lowest(vertex);
    for (int k = 0; k < EDGE; k++) {
      for (int j = 0; j < EDGE; j++) {
        for (int i = 0; i < EDGE; i++) {
          if (seen[low + (k * SPAN + j) * SPAN + i]) {
            return Kind.MIXED;
          }
        }
      }
    }
    return Kind.UNSEEN;
  }

  @Override
  public void copy(int vertex, float[] inputs, int at) {
    int low = lowest(vertex);
    int row = EDGE * VALUES;
    for (int k = 0; k < EDGE; k++) {
      for (int j = 0; j < EDGE; j++) {
        int from = (low + (k * SPAN + j) * SPAN) * VALUES;
        System.arraycopy(values, from, inputs, at + (k * EDGE + j) * row, row);
      }
    }
  }

  private static int lowest(int vertex) {
    int edge = FeatureGrid.BLOCK_EDGE;
    int z = vertex / (edge * edge);
    return (2 * z * SPAN + 2 * (vertex / edge % edge)) * SPAN + 2 * (vertex % edge);
  }
}
