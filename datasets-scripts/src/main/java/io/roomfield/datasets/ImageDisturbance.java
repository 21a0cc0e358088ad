package io.roomfield.datasets;

/** What a disturbance does to a frame's images when they are loaded. */
sealed interface ImageDisturbance permits Blackout, MotionBlur, MovingBox {
  /**
   * Changes a frame's pixels in place.
   *
   * @param frame whose images these are
   * @param rgb {@code [height, width, 3]}
   * @param depthMetres {@code [height, width]}, 0 for no reading
   */
  void apply(RgbdEntry frame, byte[] rgb, float[] depthMetres);
}
