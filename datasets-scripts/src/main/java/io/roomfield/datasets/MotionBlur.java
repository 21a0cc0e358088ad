package io.roomfield.datasets;

/**
 * The camera turns while the shutter is open: colour is the mean over {@value #PIXELS} pixels of a
 * row, and depth the mean of the readings among them, so that depth edges smear. A pixel without a
 * reading stays without.
 *
 * @param width of the images in pixels
 */
record MotionBlur(int width) implements ImageDisturbance {
  /**
   * {@code f w t} for a focal length f of 525 pixels, w of 50 degrees/s and an exposure t of 1/30
   * s.
   */
  static final int PIXELS = 15;

  private static final int CHANNELS = 3;

  @Override
  public void apply(RgbdEntry frame, byte[] rgb, float[] depthMetres) {
    byte[] sharp = rgb.clone();
    float[] readings = depthMetres.clone();
    for (int pixel = 0; pixel < depthMetres.length; pixel++) {
      int row = pixel - pixel % width;
      int from = Math.max(row, pixel - PIXELS / 2);
      int to = Math.min(row + width, pixel + PIXELS / 2 + 1);
      for (int channel = 0; channel < CHANNELS; channel++) {
        rgb[CHANNELS * pixel + channel] = mean(sharp, channel, from, to);
      }
      depthMetres[pixel] = readings[pixel] > 0 ? mean(readings, from, to) : 0;
    }
  }

  private static byte mean(byte[] rgb, int channel, int from, int to) {
    int sum = 0;
    for (int pixel = from; pixel < to; pixel++) {
      sum += rgb[CHANNELS * pixel + channel] & 0xFF;
    }
    return (byte) Math.round((float) sum / (to - from));
  }

  /** Of the readings alone; there is one. */
  private static float mean(float[] depthMetres, int from, int to) {
    float sum = 0;
    int readings = 0;
    for (int pixel = from; pixel < to; pixel++) {
      sum += depthMetres[pixel];
      readings += depthMetres[pixel] > 0 ? 1 : 0;
    }
    return sum / readings;
  }
}
