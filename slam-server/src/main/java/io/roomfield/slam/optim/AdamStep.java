package io.roomfield.slam.optim;

/**
 * Adam's rule for one step (Kingma and Ba, 2015, algorithm 1): {@code m <- b1 m + (1 - b1) g; v <-
 * b2 v + (1 - b2) g^2; x <- x - rate * m^ / (sqrt(v^) + eps)} with {@code m^ = m / (1 - b1^t)},
 * {@code v^ = v / (1 - b2^t)}. Gradients below {@value #TINY_GRADIENT} count as zero, so that their
 * squares are no denormal numbers.
 *
 * @param learningRate step size
 * @param iteration t, from 1
 */
public record AdamStep(double learningRate, int iteration) {
  public static final float BETA1 = 0.9f;
  public static final float BETA2 = 0.999f;
  public static final float EPSILON = 1e-8f;
  public static final float TINY_GRADIENT = 1e-15f;

  /** {@code learningRate / (1 - b1^t)}. */
  public float rate() {
    return (float) (learningRate / (1 - Math.pow(BETA1, iteration)));
  }

  /** {@code 1 / (1 - b2^t)}: what the second moment is multiplied by. */
  public float secondMomentCorrection() {
    return (float) (1 / (1 - Math.pow(BETA2, iteration)));
  }
}
