package io.roomfield.slam.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PoseAdamTest {
  private static final double TRANSLATION_RATE = 0.01;
  private static final double ROTATION_RATE = 0.004;

  /** Adam's epsilon of 1e-8 beside gradients of order 1, times the rate; products round less. */
  private static final Offset<Double> EPSILON = Offset.offset(1e-9);

  private final SE3 start = SE3.fromRotationVector(0.4, -0.1, 0.7, 1, -2, 0.5);
  private final PoseAdam adam = new PoseAdam(TRANSLATION_RATE, ROTATION_RATE);

  @Test
  void theFirstStepIsTheRateAgainstTheGradient() {
    SE3 moved = adam.step(start, new double[] {3, -0.5, 0, 200, -7, 0});
    SE3 expected =
        start.perturbed(-TRANSLATION_RATE, TRANSLATION_RATE, 0, -ROTATION_RATE, ROTATION_RATE, 0);
    assertThat(moved.matrix()).containsExactly(expected.matrix(), EPSILON);
  }

  @Test
  void noGradientIsNoStep() {
    SE3 same = adam.step(start, new double[6]);
    assertThat(same.matrix()).containsExactly(start.matrix(), EPSILON);
  }

  @Test
  void aStepOfTheOtherSignTurnsSlowly() {
    double[] gradient = {1, 0, 0, 0, 0, 0};
    SE3 first = adam.step(start, gradient);
    gradient[0] = -1;
    SE3 second = adam.step(first, gradient);
    // m = 0.9 * 0.1 - 0.1 = -0.01, over 1 - 0.9^2; v^ = 1.
    double expected = TRANSLATION_RATE * 0.01 / 0.19;
    // The betas are floats: their rounding of 1e-7 is a 1e-6th of the small difference m.
    assertThat(second.tx() - first.tx()).isEqualTo(expected, Offset.offset(1e-6 * expected));
  }

  @Test
  void convergesOnAQuadratic() {
    SE3 target = start.perturbed(0.05, -0.03, 0.02, 0.03, 0.01, -0.02);
    SE3 pose = start;
    for (int i = 0; i < 400; i++) {
      // Of (|t - t*|^2 + |log(R* R^T)|^2) / 2 by the twist, to first order.
      SE3 left = target.times(pose.inverse());
      double[] w = left.rotationVector();
      pose =
          adam.step(
              pose,
              new double[] {
                pose.tx() - target.tx(),
                pose.ty() - target.ty(),
                pose.tz() - target.tz(),
                -w[0],
                -w[1],
                -w[2]
              });
    }
    SE3 error = pose.inverse().times(target);
    // Adam circles a minimum within a fraction of its step.
    assertThat(error.translationNorm()).isLessThan(0.1 * TRANSLATION_RATE);
    assertThat(error.rotationAngle()).isLessThan(0.1 * ROTATION_RATE);
  }
}
