package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.tracking.PoseStep.Evaluation;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NaturalGradientStepTest {
  private static final int RAYS = 400;
  private static final int STEPS = 10;

  /** Residuals that are linear in the pose, in which a turn and a shift look nearly alike. */
  private final double[][] jacobians = new double[RAYS][6];

  private final double[] noise = new double[RAYS];

  NaturalGradientStepTest() {
    SplittableRandom random = new SplittableRandom(3);
    for (int ray = 0; ray < RAYS; ray++) {
      for (int k = 0; k < 6; k++) {
        jacobians[ray][k] = random.nextGaussian();
      }
      jacobians[ray][4] = jacobians[ray][0] + 0.1 * random.nextGaussian();
      noise[ray] = 0.002 * random.nextGaussian();
    }
  }

  @Test
  void arrivesWhereTurnAndShiftLookAlike() {
    SE3 pose = SE3.fromRotationVector(0.01, -0.02, 0.01, 0.02, -0.01, 0.015);
    NaturalGradientStep step = new NaturalGradientStep();
    Evaluation best = evaluate(pose);
    for (int i = 0; i < STEPS; i++) {
      pose = step.next(evaluate(pose));
      Evaluation now = evaluate(pose);
      best = now.losses().total() < best.losses().total() ? now : best;
    }
    // The noise leaves 0.002 / sqrt(400) = 0.1 mm on a free axis, ten times that on the coupled
    // pair.
    assertThat(best.pose().translationNorm()).isLessThan(3e-3);
    assertThat(best.pose().rotationAngle()).isLessThan(3e-3);
  }

  @Test
  void staysWhereTheLossIsNotFinite() {
    SE3 pose = SE3.fromRotationVector(0, 0.1, 0, 1, 2, 3);
    BatchLosses losses = new BatchLosses(Double.NaN, Double.NaN, RAYS, 0, 0, 0);
    Evaluation at = new Evaluation(pose, losses, new double[6], new double[36]);
    assertThat(new NaturalGradientStep().next(at)).isEqualTo(pose);
  }

  private Evaluation evaluate(SE3 pose) {
    double[] w = pose.rotationVector();
    double[] x = {pose.tx(), pose.ty(), pose.tz(), w[0], w[1], w[2]};
    double total = 0;
    double[] gradient = new double[6];
    double[] information = new double[36];
    for (int ray = 0; ray < RAYS; ray++) {
      double residual = noise[ray];
      for (int k = 0; k < 6; k++) {
        residual += jacobians[ray][k] * x[k];
      }
      total += Math.abs(residual);
      for (int i = 0; i < 6; i++) {
        gradient[i] += Math.signum(residual) * jacobians[ray][i];
        for (int j = 0; j < 6; j++) {
          information[6 * i + j] += jacobians[ray][i] * jacobians[ray][j];
        }
      }
    }
    return new Evaluation(
        pose, new BatchLosses(total, total, RAYS, 0, 0, 0), gradient, information);
  }
}
