package io.roomfield.slam.client;

import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;

/**
 * Told what became of each frame, one call at a time, on a thread of gRPC. For every frame comes
 * exactly one of {@link #accepted} and {@link #rejected}; after {@code accepted} exactly one of
 * {@link #tracked} and {@link #dropped}.
 */
public interface FrameListener {
  /** The frame is in the session's queue. */
  default void accepted(long sequenceNumber) {}

  /** The frame was refused; the session and everything accepted go on. */
  void rejected(long sequenceNumber, FrameRejected refusal);

  /**
   * The frame has a pose.
   *
   * @param detail losses, time and keyframes as the server reports them
   */
  void tracked(PoseEstimate pose, FrameTracked detail);

  /** The frame was accepted, then given up for a newer one. */
  void dropped(long sequenceNumber, String reason);
}
