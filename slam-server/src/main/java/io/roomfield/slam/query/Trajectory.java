package io.roomfield.slam.query;

import io.roomfield.slam.tracking.TrackingResult;
import java.util.List;
import java.util.Optional;

/** The poses of a session's frames in order of time: a picture that never changes. */
public record Trajectory(List<TrackingResult> poses) {
  public Trajectory {
    poses = List.copyOf(poses);
  }

  public Optional<TrackingResult> newest() {
    return poses.isEmpty() ? Optional.empty() : Optional.of(poses.getLast());
  }

  /**
   * The pose at a time: a frame's own, or between two frames linear in translation and spherical in
   * rotation, with the earlier frame's number, the worse status of the two and the covariances
   * mixed likewise.
   *
   * @return empty outside the time span of the trajectory
   */
  public Optional<TrackingResult> at(long timestampNanos) {
    if (poses.isEmpty()
        || timestampNanos < poses.getFirst().timestampNanos()
        || timestampNanos > poses.getLast().timestampNanos()) {
      return Optional.empty();
    }
    int low = 0;
    int high = poses.size() - 1;
    while (low < high) { // the first pose that is not earlier
      int middle = (low + high) >>> 1;
      if (poses.get(middle).timestampNanos() < timestampNanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    TrackingResult found = poses.get(low);
    return Optional.of(
        found.timestampNanos() == timestampNanos
            ? found
            : between(poses.get(low - 1), found, timestampNanos));
  }

  private static TrackingResult between(
      TrackingResult before, TrackingResult after, long timestampNanos) {
    double fraction =
        (double) (timestampNanos - before.timestampNanos())
            / (after.timestampNanos() - before.timestampNanos());
    boolean earlierIsWorse = before.status().compareTo(after.status()) >= 0;
    TrackingResult worse = earlierIsWorse ? before : after;
    double[] covariance = new double[before.covariance().length];
    for (int i = 0; i < covariance.length; i++) {
      covariance[i] =
          before.covariance()[i] + fraction * (after.covariance()[i] - before.covariance()[i]);
    }
    return new TrackingResult(
        before.sequenceNumber(),
        timestampNanos,
        before.worldFromCamera().interpolate(after.worldFromCamera(), fraction),
        before.mapFromOdometry().interpolate(after.mapFromOdometry(), fraction),
        worse.status(),
        worse.statusReason(),
        worse.asPredicted(),
        covariance,
        worse.depthLoss(),
        worse.colourLoss(),
        worse.trackingMillis());
  }
}
