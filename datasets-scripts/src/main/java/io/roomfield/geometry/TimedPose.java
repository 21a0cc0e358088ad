package io.roomfield.geometry;

import java.util.Objects;

/**
 * Where the camera was at a time.
 *
 * @param timestampNanos time in nanoseconds, on the sequence's own clock
 * @param worldFromCamera camera-to-world, metres
 */
public record TimedPose(long timestampNanos, SE3 worldFromCamera) {
  public TimedPose {
    Objects.requireNonNull(worldFromCamera, "worldFromCamera");
  }

  /** The same pose in another world: {@code newFromWorld * worldFromCamera}. */
  public TimedPose in(SE3 newFromWorld) {
    return new TimedPose(timestampNanos, newFromWorld.times(worldFromCamera));
  }
}
