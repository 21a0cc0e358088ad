package io.roomfield.datasets;

import io.roomfield.geometry.SupportedDepth;
import java.util.Arrays;

/**
 * A covered lens: black, and no depth but for a speck of 3 x 3 pixels near the middle. The server
 * refuses frames without any reading, and a refused frame has no tracking status. So the speck is
 * where {@link SupportedDepth}, which the server applies, keeps a reading.
 *
 * @param width of the images in pixels
 * @param height of the images in pixels
 */
record Blackout(int width, int height) implements ImageDisturbance {
  @Override
  public void apply(RgbdEntry frame, byte[] rgb, float[] depthMetres) {
    Arrays.fill(rgb, (byte) 0);
    int middle = width * (height / 2) + width / 2;
    int kept = nearestReading(SupportedDepth.of(depthMetres, width, height), middle);
    for (int pixel = 0; pixel < depthMetres.length; pixel++) {
      boolean speck =
          kept >= 0
              && Math.abs(pixel % width - kept % width) <= 1
              && Math.abs(pixel / width - kept / width) <= 1;
      depthMetres[pixel] = speck ? depthMetres[pixel] : 0;
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
