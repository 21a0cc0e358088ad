package io.roomfield.slam.client.replay;

import io.roomfield.geometry.PinholeCamera;

/**
 * A camera that sees every n-th pixel of another, n odd, from the middle of the first n x n pixels
 * on: its pixel centres are pixel centres of the full image, so that a rendered depth compares with
 * a measured one without resampling.
 *
 * @param full the camera whose pixels are taken
 * @param step n
 */
record SubsampledView(PinholeCamera full, int step) {
  private static final int CHANNELS = 3;

  /** Every {@code largestStep}-th pixel (odd), or a smaller odd step if the view were too small. */
  static SubsampledView of(PinholeCamera full, int largestStep) {
    int shortEdge = Math.min(full.width(), full.height());
    int step = largestStep;
    while (shortEdge / step < PinholeCamera.MIN_EDGE) {
      step -= 2;
    }
    return new SubsampledView(full, step);
  }

  PinholeCamera camera() {
    return new PinholeCamera(
        full.width() / step,
        full.height() / step,
        full.fx() / step,
        full.fy() / step,
        (full.cx() - offset()) / step,
        (full.cy() - offset()) / step);
  }

  /** The view's pixels of a full image {@code [height, width, 3]}. */
  byte[] sampleRgb(byte[] image) {
    int width = full.width() / step;
    int height = full.height() / step;
    byte[] sampled = new byte[CHANNELS * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * step + offset()) * full.width() + x * step + offset();
        System.arraycopy(image, CHANNELS * from, sampled, CHANNELS * (y * width + x), CHANNELS);
      }
    }
    return sampled;
  }

  /** The view's pixels of a full image {@code [height, width]}. */
  float[] sample(float[] image) {
    int width = full.width() / step;
    int height = full.height() / step;
    float[] sampled = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sampled[y * width + x] = image[(y * step + offset()) * full.width() + x * step + offset()];
      }
    }
    return sampled;
  }

  private int offset() {
    return step / 2;
  }
}
