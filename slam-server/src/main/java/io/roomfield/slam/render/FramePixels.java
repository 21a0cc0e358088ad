package io.roomfield.slam.render;

/**
 * A frame's images as ray sampling reads them.
 *
 * @param depthMetres {@code [height, width]}, 0 for no reading
 * @param rgb {@code [height, width, 3]} bytes
 * @param maxDepthMetres the largest reading; 0 where there is none
 */
public record FramePixels(float[] depthMetres, byte[] rgb, float maxDepthMetres) {

  /** Measures the largest reading. */
  public static FramePixels of(float[] depthMetres, byte[] rgb) {
    float max = 0f;
    for (float depth : depthMetres) {
      max = Math.max(max, depth);
    }
    return new FramePixels(depthMetres, rgb, max);
  }
}
