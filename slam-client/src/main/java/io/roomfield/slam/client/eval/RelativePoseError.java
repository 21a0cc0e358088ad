package io.roomfield.slam.client.eval;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;

/**
 * Relative pose error: how far the motion over {@code delta} poses is off, {@code E_i = (Q_i^-1
 * Q_{i+delta})^-1 (P_i^-1 P_{i+delta})} for truth Q and estimate P (J. Sturm et al., IROS 2012,
 * section V.A). Needs no alignment.
 *
 * @param transRmse root mean square of the length of {@code E_i}'s translation, metres
 * @param rotRmse root mean square of {@code E_i}'s angle, radians
 */
public record RelativePoseError(double transRmse, double rotRmse) {
  /**
   * Compares motions between the i-th and the (i + delta)-th estimated pose in the order of time;
   * estimates without a true pose within 20 ms are left out first.
   *
   * @throws IllegalArgumentException if delta is below 1 or fewer than delta + 1 poses match
   */
  public static RelativePoseError of(List<TimedPose> estimate, List<TimedPose> truth, int delta) {
    return of(PosePairs.match(estimate, truth), delta);
  }

  /**
   * Compares the motion from the first to the last estimated pose: what drifted over the sequence.
   * Estimates without a true pose within 20 ms are left out first.
   *
   * @throws IllegalArgumentException if fewer than two poses match
   */
  public static RelativePoseError overWholeSequence(
      List<TimedPose> estimate, List<TimedPose> truth) {
    PosePairs pairs = PosePairs.match(estimate, truth);
    return of(pairs, Math.max(1, pairs.size() - 1));
  }

  private static RelativePoseError of(PosePairs pairs, int delta) {
    if (delta < 1 || pairs.size() <= delta) {
      throw new IllegalArgumentException(
          "relative pose error: delta %d over %d matched poses (expected: delta of 1 or more, more poses than delta)"
              .formatted(delta, pairs.size()));
    }
    int count = pairs.size() - delta;
    double translations = 0;
    double rotations = 0;
    for (int i = 0; i < count; i++) {
      SE3 error =
          motion(pairs.truths(), i, delta).inverse().times(motion(pairs.estimates(), i, delta));
      translations += error.translationNorm() * error.translationNorm();
      rotations += error.rotationAngle() * error.rotationAngle();
    }
    return new RelativePoseError(Math.sqrt(translations / count), Math.sqrt(rotations / count));
  }

  private static SE3 motion(List<SE3> poses, int start, int delta) {
    return poses.get(start).inverse().times(poses.get(start + delta));
  }
}
