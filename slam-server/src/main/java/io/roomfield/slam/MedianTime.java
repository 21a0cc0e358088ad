package io.roomfield.slam;

import java.util.Arrays;

/** Wall time of something done over and over. */
final class MedianTime {
  private static final int WARM_UP_RUNS = 40;

  /** What a GPU does in a millisecond takes the virtual machine a thousand runs to compile. */
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private MedianTime() {}

  /**
   * The median in milliseconds over timed runs, after untimed ones: {@value #WARM_UP_RUNS} at
   * least, and two seconds.
   */
  static double millis(int repeats, Runnable run) {
    long begun = System.nanoTime();
    for (int i = 0; i < WARM_UP_RUNS || System.nanoTime() - begun < WARM_UP_NANOS; i++) {
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
