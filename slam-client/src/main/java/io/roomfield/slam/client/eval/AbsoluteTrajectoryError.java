package io.roomfield.slam.client.eval;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Absolute trajectory error: distances between estimated and true camera positions after rigid
 * alignment without scale (J. Sturm et al., "A benchmark for the evaluation of RGB-D SLAM systems",
 * IROS 2012, section V.B). Metres.
 *
 * @param rmse root of the mean squared distance
 * @param mean mean distance
 * @param median median distance
 * @param max largest distance
 * @param pairs poses compared
 * @param truthFromEstimate the alignment: takes the estimate's world into the truth's
 * @param timestampsNanos {@code [pairs]} the estimates' times, ascending
 * @param errors {@code [pairs]} the distances
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record AbsoluteTrajectoryError(
    double rmse,
    double mean,
    double median,
    double max,
    int pairs,
    SE3 truthFromEstimate,
    long[] timestampsNanos,
    double[] errors) {

  /**
   * Compares each estimated pose with the true pose nearest in time; estimates without one within
   * 20 ms are left out.
   *
   * @throws IllegalArgumentException if fewer than three poses match, or if the positions lie on a
   *     point or a line, so that the alignment is open
   */
  public static AbsoluteTrajectoryError of(List<TimedPose> estimate, List<TimedPose> truth) {
    PosePairs matched = PosePairs.match(estimate, truth);
    List<double[]> from = positions(matched.estimates());
    List<double[]> to = positions(matched.truths());
    SE3 truthFromEstimate = RigidAlignment.of(from, to);
    double[] errors = new double[matched.size()];
    double squares = 0;
    for (int i = 0; i < errors.length; i++) {
      double[] p = from.get(i);
      double[] aligned = truthFromEstimate.apply(p[0], p[1], p[2]);
      errors[i] = distance(aligned, to.get(i));
      squares += errors[i] * errors[i];
    }
    return new AbsoluteTrajectoryError(
        Math.sqrt(squares / errors.length),
        Arrays.stream(errors).average().orElseThrow(),
        median(errors),
        Arrays.stream(errors).max().orElseThrow(),
        errors.length,
        truthFromEstimate,
        matched.timestampsNanos().stream().mapToLong(Long::longValue).toArray(),
        errors);
  }

  private static List<double[]> positions(List<SE3> poses) {
    List<double[]> positions = new ArrayList<>(poses.size());
    for (SE3 pose : poses) {
      positions.add(new double[] {pose.tx(), pose.ty(), pose.tz()});
    }
    return positions;
  }

  private static double distance(double[] a, double[] b) {
    double x = a[0] - b[0];
    double y = a[1] - b[1];
    double z = a[2] - b[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
