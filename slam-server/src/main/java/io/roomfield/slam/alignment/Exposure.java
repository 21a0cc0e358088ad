package io.roomfield.slam.alignment;

/**
 * How a reference's intensities become a frame's: {@code (1 + gain) I + offset}.
 *
 * @param gain 0 for none
 * @param offset intensities in 0..1
 */
record Exposure(double gain, double offset) {
  static final Exposure SAME = new Exposure(0, 0);
}
