package io.roomfield.slam;

import java.util.Arrays;

/** Wall time of something done over and over. */
final class MedianTime {
  private static final int WARM_UP = 40;

  private MedianTime() {}

  /** The median in milliseconds over timed runs that follow {@value #WARM_UP} untimed ones. */
  static double millis(int repeats, Runnable run) {
    for (int i = 0; i < WARM_UP; i++) {
      run.run();
    }
    double[] millis = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      run.run();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis[repeats / 2];
  }
}
