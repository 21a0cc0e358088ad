package io.roomfield.datasets;

import java.util.Arrays;

/**
 * A covered lens: black, and no depth but for a single reading near the middle. The server refuses
 * frames without any reading, and a refused frame has no tracking status; a single one is accepted,
 * and as no neighbour supports it, the tracker sees none ({@link
 * io.roomfield.geometry.SupportedDepth}).
 */
record Blackout() implements ImageDisturbance {
  @Override
  public void apply(RgbdEntry frame, byte[] rgb, float[] depthMetres) {
    Arrays.fill(rgb, (byte) 0);
    int kept = nearestReading(depthMetres, depthMetres.length / 2);
    for (int pixel = 0; pixel < depthMetres.length; pixel++) {
      depthMetres[pixel] = pixel == kept ? depthMetres[pixel] : 0;
    }
  }

  /** The pixel with a reading that is nearest to another, row by row; -1 without any. */
  private static int nearestReading(float[] depthMetres, int pixel) {
    for (int distance = 0; distance <= pixel; distance++) {
      if (depthMetres[pixel - distance] > 0) {
        return pixel - distance;
      }
      if (pixel + distance < depthMetres.length && depthMetres[pixel + distance] > 0) {
        return pixel + distance;
      }
    }
    return -1;
  }
}
