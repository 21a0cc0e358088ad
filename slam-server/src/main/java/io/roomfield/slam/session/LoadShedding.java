package io.roomfield.slam.session;

/**
 * What a session with sync FREE leaves out where it cannot keep up, in the order in which it does.
 */
public enum LoadShedding {
  /** The mapping round of a frame that is no keyframe, while the mapper is busy or rests. */
  ROUND,
  /** The iterations of a keyframe's round, while several wait: its depth is fused all the same. */
  KEYFRAME_ITERATIONS,
  /** A frame of a stream that skips, for which the queue has no room. */
  FRAME_NO_ROOM,
  /** A frame of a stream that skips, over the owner's frames per second. */
  FRAME_RATE
}
