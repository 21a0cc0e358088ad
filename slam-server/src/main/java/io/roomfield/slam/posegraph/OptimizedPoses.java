package io.roomfield.slam.posegraph;

import java.util.List;

/**
 * What optimising a pose graph gave.
 *
 * @param moves per node, in the graph's order, its pose before and after
 * @param chi2 per edge, in the graph's order, {@code r^T information r} at the new poses
 * @param iterations steps that were taken
 */
public record OptimizedPoses(List<PoseMove> moves, double[] chi2, int iterations) {
  /**
   * The 99th percentile of chi-square with 6 degrees of freedom: an edge beyond it does not fit the
   * others.
   */
  public static final double OUTLIER_CHI2 = 16.81;

  /** Whether an edge contradicts the others, so that the new poses hardly heed it. */
  public boolean isOutlier(int edge) {
    return chi2[edge] > OUTLIER_CHI2;
  }
}
