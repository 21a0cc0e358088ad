package io.roomfield.slam.session;

import io.roomfield.slam.tracking.TrackingResult;

/**
 * Hears what became of the frames that one {@link FrameWriter} put in. Called on the session's
 * threads; must neither block nor throw.
 */
public interface FrameListener {
  /** {@link FrameWriter#ready} may have become true. */
  void ready();

  /**
   * A frame has its pose.
   *
   * @param keyframes in the map when it was tracked
   */
  void tracked(TrackingResult result, int keyframes);

  /** A frame was accepted, then given up. */
  void dropped(long sequenceNumber, String reason);
}
