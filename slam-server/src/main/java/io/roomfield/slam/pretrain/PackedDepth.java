package io.roomfield.slam.pretrain;

/**
 * A depth image in two bytes a pixel: a training keeps thousands of them. Depth is rounded to a
 * tenth of a millimetre, far below what any sensor or label tells apart; what lies farther than
 * {@link #MAX_METRES} is no reading, as the sensors that training pretends to have end before.
 */
final class PackedDepth {
  /** Metres of one step. */
  static final float RESOLUTION_METRES = 1e-4f;

  static final float MAX_METRES = Character.MAX_VALUE * RESOLUTION_METRES;

  private final char[] steps;

  private PackedDepth(char[] steps) {
    this.steps = steps;
  }

  /**
   * @param metres {@code [height, width]}, not negative; 0 for none
   */
  static PackedDepth of(float[] metres) {
    char[] steps = new char[metres.length];
    for (int i = 0; i < steps.length; i++) {
      int rounded = Math.round(metres[i] / RESOLUTION_METRES);
      steps[i] = rounded > Character.MAX_VALUE ? 0 : (char) rounded;
    }
    return new PackedDepth(steps);
  }

  /** {@code [height, width]} metres, a new array; 0 for none. */
  float[] metres() {
    float[] metres = new float[steps.length];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = steps[i] * RESOLUTION_METRES;
    }
    return metres;
  }
}
