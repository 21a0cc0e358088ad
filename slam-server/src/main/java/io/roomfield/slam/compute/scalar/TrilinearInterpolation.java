package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.FeatureGrid;

/**
 * Trilinear interpolation of one grid's features at one point (NICE-SLAM, section 3.1), and its
 * backward pass.
 *
 * <p>In the cell with lowest vertex {@code floor(p / voxelEdge)} and fraction {@code f} in it,
 * {@code c = sum over corners k of w_k feature_k} with {@code w_k = prod over axes a of (f_a where
 * the corner is the upper one, else 1 - f_a)}. Vertices of blocks that are not allocated have zero
 * features and take no gradient.
 */
final class TrilinearInterpolation {
  private static final int CORNERS = 8;

  private final FeatureGrid grid;
  private final double[] fraction = new double[3];

  /** Per corner: its block's number, or -1, and where its features begin in that block. */
  private final int[] cornerBlock = new int[CORNERS];

  private final int[] cornerOffset = new int[CORNERS];
  private final double[] feature;

  TrilinearInterpolation(FeatureGrid grid) {
    this.grid = grid;
    feature = new double[grid.channels()];
  }

  /**
   * The feature {@code [channels]} at a point in world metres; valid until the next call, not a
   * copy.
   */
  double[] forward(double[] point) {
    locate(point);
    for (int c = 0; c < feature.length; c++) {
      double sum = 0;
      for (int corner = 0; corner < CORNERS; corner++) {
        sum += weight(corner) * cornerFeature(corner, c);
      }
      feature[c] = sum;
    }
    return feature;
  }

  /**
   * Adds to the grid's gradient and to the point's at the point of the last {@link #forward}.
   *
   * @param featureGradient {@code dL/dc}, at least {@code [channels]}
   * @param blockGradients where {@code dL/dfeature = w_k dL/dc} goes
   * @param pointGradient {@code [3]}, gets {@code dL/dp_a = (1 / voxelEdge) sum_k dw_k/df_a
   *     (feature_k . dL/dc)}
   */
  void backward(double[] featureGradient, BlockGradients blockGradients, double[] pointGradient) {
    for (int corner = 0; corner < CORNERS; corner++) {
      double product = 0;
      for (int c = 0; c < feature.length; c++) {
        product += cornerFeature(corner, c) * featureGradient[c];
      }
      for (int axis = 0; axis < 3; axis++) {
        pointGradient[axis] += weightDerivative(corner, axis) / grid.voxelEdge() * product;
      }
      double[] sums = cornerBlock[corner] < 0 ? null : blockGradients.of(cornerBlock[corner]);
      if (sums != null) {
        for (int c = 0; c < feature.length; c++) {
          sums[cornerOffset[corner] + c] += weight(corner) * featureGradient[c];
        }
      }
    }
  }

  /** One level's gradient sums, block by block. */
  interface BlockGradients {
    /** Sums {@code [512, channels]} of a block, or null where its gradient is not kept. */
    double[] of(int block);
  }

  private void locate(double[] point) {
    int[] cell = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double lattice = point[axis] / grid.voxelEdge();
      double floor = Math.floor(lattice);
      cell[axis] = (int) floor;
      fraction[axis] = lattice - floor;
    }
    for (int corner = 0; corner < CORNERS; corner++) {
      int x = cell[0] + upper(corner, 0);
      int y = cell[1] + upper(corner, 1);
      int z = cell[2] + upper(corner, 2);
      int edge = FeatureGrid.BLOCK_EDGE;
      cornerBlock[corner] =
          grid.blockAt(Math.floorDiv(x, edge), Math.floorDiv(y, edge), Math.floorDiv(z, edge));
      int vertex =
          (Math.floorMod(z, edge) * edge + Math.floorMod(y, edge)) * edge + Math.floorMod(x, edge);
      cornerOffset[corner] = vertex * feature.length;
    }
  }

  private double cornerFeature(int corner, int channel) {
    int block = cornerBlock[corner];
    return block < 0 ? 0 : grid.block(block)[cornerOffset[corner] + channel];
  }

  private double weight(int corner) {
    return factor(corner, 0) * factor(corner, 1) * factor(corner, 2);
  }

  private double weightDerivative(int corner, int axis) {
    double sign = upper(corner, axis) == 1 ? 1 : -1;
    return sign * factor(corner, (axis + 1) % 3) * factor(corner, (axis + 2) % 3);
  }

  private double factor(int corner, int axis) {
    return upper(corner, axis) == 1 ? fraction[axis] : 1 - fraction[axis];
  }

  /** Whether a corner is the upper one along an axis: 1 or 0. */
  private static int upper(int corner, int axis) {
    return (corner >> axis) & 1;
  }
}
