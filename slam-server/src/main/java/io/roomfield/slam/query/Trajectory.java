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
}
