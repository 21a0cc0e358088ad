package io.roomfield.slam.posegraph;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrix6x6;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoseResidualTest {
  private static final double STEP = 1e-5;

  /**
   * Central differences: {@code STEP^2 / 6} times a third derivative of order 10 with a lever of
   * metres and angles of up to 2.5, and rounding of {@code 1e-15 / STEP}.
   */
  private static final Offset<Double> DIFFERENCES = Offset.offset(5e-9);

  private final SplittableRandom random = new SplittableRandom(1);
  private final PoseResidual terms = new PoseResidual();

  /** About the identity the right Jacobian is its series; at 2.5 it is far from the identity. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-6, 0.01, 1, 2.5})
  void jacobiansAreTheDerivatives(double angle) {
    for (int trial = 0; trial < 5; trial++) {
      SE3 from = randomPose();
      SE3 to = randomPose();
      SE3 error = SE3.fromRotationVector(0.6 * angle, -0.64 * angle, 0.48 * angle, 0.3, -0.2, 0.1);
      SE3 measured = from.inverse().times(to).times(error);
      terms.linearise(measured, from, to);
      DMatrix6x6 fromJacobian = terms.fromJacobian.copy();
      DMatrix6x6 toJacobian = terms.toJacobian.copy();
      for (int k = 0; k < 6; k++) {
        double[] ahead = residual(measured, perturbed(from, k, STEP), to);
        double[] behind = residual(measured, perturbed(from, k, -STEP), to);
        assertColumn(fromJacobian, k, ahead, behind);
        ahead = residual(measured, from, perturbed(to, k, STEP));
        behind = residual(measured, from, perturbed(to, k, -STEP));
        assertColumn(toJacobian, k, ahead, behind);
      }
    }
  }

  private static void assertColumn(DMatrix6x6 jacobian, int k, double[] ahead, double[] behind) {
    for (int i = 0; i < 6; i++) {
      assertThat(jacobian.get(i, k))
          .as("row %d, column %d", i, k)
          .isEqualTo((ahead[i] - behind[i]) / (2 * STEP), DIFFERENCES);
    }
  }

  /** The residual is what {@link SE3#perturbed} makes the error of the identity by. */
  @Test
  void theResidualIsATwistAsAdr2HasThem() {
    SE3 measured = randomPose();
    SE3 from = randomPose();
    SE3 error = SE3.IDENTITY.perturbed(0.1, -0.2, 0.3, 0.5, 0.4, -0.6);
    double[] residual = residual(measured, from, from.times(measured).times(error));
    // Some products of poses with entries of order 1.
    assertThat(residual)
        .containsExactly(new double[] {0.1, -0.2, 0.3, 0.5, 0.4, -0.6}, Offset.offset(1e-13));
  }

  private double[] residual(SE3 measured, SE3 from, SE3 to) {
    terms.evaluate(measured, from, to);
    return new double[] {
      terms.residual.a1, terms.residual.a2, terms.residual.a3,
      terms.residual.a4, terms.residual.a5, terms.residual.a6
    };
  }

  private static SE3 perturbed(SE3 pose, int k, double step) {
    double[] d = new double[6];
    d[k] = step;
    return pose.perturbed(d[0], d[1], d[2], d[3], d[4], d[5]);
  }

  private SE3 randomPose() {
    double[] d = random.doubles(6, -1.5, 1.5).toArray();
    return SE3.fromRotationVector(d[0], d[1], d[2], d[3], d[4], d[5]);
  }
}
