package io.roomfield.slam.pretrain;

import java.util.Arrays;

/**
 * How far depths are from what they should be.
 *
 * @param meanCm mean of {@code |D - D^|}, centimetres
 * @param medianCm median of the same
 */
record DepthError(double meanCm, double medianCm) {
  private static final double CENTIMETRES = 100;

  /**
   * @param metres differences of either sign; the figures of none are NaN
   */
  static DepthError of(double[] metres) {
    double[] errors = Arrays.stream(metres).map(d -> CENTIMETRES * Math.abs(d)).toArray();
    return new DepthError(Arrays.stream(errors).average().orElse(Double.NaN), Median.of(errors));
  }
}
