package io.roomfield.slam.render;

/** What volume rendering gives per ray (algorithm, section 2). */
public final class RenderedRays {
  /** {@code D^ = sum w_i z_i}, metres. */
  public final float[] depth;

  /** {@code S^ = sum w_i (D^ - z_i)^2}, square metres. */
  public final float[] variance;

  /** {@code C^ = sum w_i c_i}, {@code [capacity, 3]}; zeros below the colour stage. */
  public final float[] colour;

  /** {@code sum w_i}: 1 where the ray is stopped by a surface. */
  public final float[] opacity;

  public RenderedRays(int capacity) {
    depth = new float[capacity];
    variance = new float[capacity];
    colour = new float[3 * capacity];
    opacity = new float[capacity];
  }

  public int capacity() {
    return depth.length;
  }
}
