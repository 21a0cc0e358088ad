package io.roomfield.slam.pretrain;

import java.util.Arrays;

/** The middle of some numbers. */
final class Median {
  private Median() {}

  /** The upper median; NaN of none. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
