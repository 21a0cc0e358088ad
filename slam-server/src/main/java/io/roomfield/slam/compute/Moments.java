package io.roomfield.slam.compute;

import java.util.Arrays;

/** Adam's moments of one block, or of a decoder, and the steps it has taken. */
public final class Moments {
  final float[] first;
  final float[] second;
  int steps;

  /** None yet. */
  Moments(int length) {
    first = new float[length];
    second = new float[length];
  }

  /**
   * Those that were kept; the arrays are taken over.
   *
   * @throws IllegalArgumentException if there are not as many of one as of the other
   */
  public Moments(float[] first, float[] second, int steps) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "%d first moments (expected: %d, as there are second)"
              .formatted(first.length, second.length));
    }
    this.first = first;
    this.second = second;
    this.steps = steps;
  }

  /** Not a copy. */
  public float[] first() {
    return first;
  }

  /** Not a copy. */
  public float[] second() {
    return second;
  }

  public int steps() {
    return steps;
  }

  Moments copy() {
    return new Moments(first.clone(), second.clone(), steps);
  }

  void reset() {
    Arrays.fill(first, 0f);
    Arrays.fill(second, 0f);
    steps = 0;
  }
}
