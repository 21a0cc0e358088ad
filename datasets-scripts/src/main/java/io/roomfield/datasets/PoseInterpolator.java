package io.roomfield.datasets;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A recorded trajectory, asked for poses at the times of images. */
final class PoseInterpolator {
  /**
   * Longest stretch without a pose that is bridged: three frames of a 30 Hz camera, ten samples of
   * the TUM benchmark's motion capture.
   */
  static final long MAX_GAP_NANOS = 100_000_000;

  private final NavigableMap<Long, SE3> poses = new TreeMap<>();

  PoseInterpolator(List<TimedPose> trajectory) {
    trajectory.forEach(pose -> poses.put(pose.timestampNanos(), pose.worldFromCamera()));
  }

  /**
   * The pose at a time, between its neighbours linear in translation and spherical in rotation.
   *
   * @return empty outside the trajectory, and in a gap of more than 0.1 s
   */
  Optional<SE3> at(long timestampNanos) {
    Map.Entry<Long, SE3> before = poses.floorEntry(timestampNanos);
    Map.Entry<Long, SE3> after = poses.ceilingEntry(timestampNanos);
    if (before == null || after == null) {
      return Optional.empty();
    }
    long gapNanos = after.getKey() - before.getKey();
    if (gapNanos == 0) {
      return Optional.of(before.getValue());
    }
    if (gapNanos > MAX_GAP_NANOS) {
      return Optional.empty();
    }
    double fraction = (double) (timestampNanos - before.getKey()) / gapNanos;
    return Optional.of(before.getValue().interpolate(after.getValue(), fraction));
  }
}
