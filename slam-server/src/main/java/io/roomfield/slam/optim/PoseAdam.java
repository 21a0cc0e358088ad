package io.roomfield.slam.optim;

import io.roomfield.geometry.SE3;

/**
 * Adam on one pose in its tangent space: the moments belong to the twist of {@link SE3#perturbed}
 * (algorithm, section 4, "Ours"), translation first.
 */
public final class PoseAdam {
  private final double translationRate;
  private final double rotationRate;
  private final double[] first = new double[6];
  private final double[] second = new double[6];
  private int iteration;

  /**
   * @param translationRate metres a step
   * @param rotationRate radians a step
   */
  public PoseAdam(double translationRate, double rotationRate) {
    this.translationRate = translationRate;
    this.rotationRate = rotationRate;
  }

  /** The pose after one step against {@code gradient [6]}. */
  public SE3 step(SE3 pose, double[] gradient) {
    iteration++;
    double[] d = new double[6];
    for (int k = 0; k < 6; k++) {
      double g = gradient[k];
      first[k] = AdamStep.BETA1 * first[k] + (1 - AdamStep.BETA1) * g;
      second[k] = AdamStep.BETA2 * second[k] + (1 - AdamStep.BETA2) * g * g;
      double m = first[k] / (1 - Math.pow(AdamStep.BETA1, iteration));
      double v = second[k] / (1 - Math.pow(AdamStep.BETA2, iteration));
      d[k] = -(k < 3 ? translationRate : rotationRate) * m / (Math.sqrt(v) + AdamStep.EPSILON);
    }
    return pose.perturbed(d[0], d[1], d[2], d[3], d[4], d[5]);
  }
}
