package io.roomfield.slam.client.eval;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Estimated poses, in the order of time, each with the true pose nearest in time.
 *
 * @param timestampsNanos the estimates' times
 * @param estimates worldFromCamera in the estimate's world
 * @param truths worldFromCamera in the truth's world
 */
record PosePairs(List<Long> timestampsNanos, List<SE3> estimates, List<SE3> truths) {
  /** As in the TUM RGB-D benchmark's tools. */
  static final long MAX_DIFFERENCE_NANOS = 20_000_000;

  /** Estimates without a truth within 20 ms are left out. */
  static PosePairs match(List<TimedPose> estimate, List<TimedPose> truth) {
    List<TimedPose> sortedTruth = sorted(truth);
    PosePairs pairs = new PosePairs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    int nearest = 0;
    for (TimedPose pose : sorted(estimate)) {
      long time = pose.timestampNanos();
      while (nearest + 1 < sortedTruth.size()
          && difference(sortedTruth, nearest + 1, time) <= difference(sortedTruth, nearest, time)) {
        nearest++;
      }
      if (!sortedTruth.isEmpty()
          && difference(sortedTruth, nearest, time) <= MAX_DIFFERENCE_NANOS) {
        pairs.timestampsNanos.add(time);
        pairs.estimates.add(pose.worldFromCamera());
        pairs.truths.add(sortedTruth.get(nearest).worldFromCamera());
      }
    }
    return pairs;
  }

  int size() {
    return estimates.size();
  }

  private static List<TimedPose> sorted(List<TimedPose> poses) {
    return poses.stream().sorted(Comparator.comparingLong(TimedPose::timestampNanos)).toList();
  }

  private static long difference(List<TimedPose> poses, int index, long timestampNanos) {
    return Math.abs(poses.get(index).timestampNanos() - timestampNanos);
  }
}
