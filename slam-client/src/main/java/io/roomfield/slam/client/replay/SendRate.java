package io.roomfield.slam.client.replay;

/** How fast a replay sends its frames. */
public enum SendRate {
  /** As fast as the server takes them; none is left out. */
  FASTEST,
  /**
   * By the frames' timestamps, as the sensor did; a frame that the server has no room for is left
   * out.
   */
  REALTIME
}
