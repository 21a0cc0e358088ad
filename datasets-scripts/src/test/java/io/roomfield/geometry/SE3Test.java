package io.roomfield.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SE3Test {
  /** A few dozen double operations on numbers of order one to ten. */
  private static final Offset<Double> ROUNDING = Offset.offset(1e-13);

  static Stream<double[]> rotationVectors() {
    SplittableRandom random = new SplittableRandom(1);
    Stream<double[]> randoms =
        Stream.generate(
                () ->
                    new double[] {
                      random.nextDouble(-1.8, 1.8),
                      random.nextDouble(-1.8, 1.8),
                      random.nextDouble(-1.8, 1.8)
                    })
            .limit(20);
    // All four branches of the quaternion: small angles, and half turns about each axis.
    Stream<double[]> special =
        Stream.of(
            new double[] {0, 0, 0},
            new double[] {1e-14, -1e-13, 0},
            new double[] {1e-6, 2e-6, -3e-6},
            new double[] {3.1, 0.1, 0.1},
            new double[] {0.1, 3.1, 0.1},
            new double[] {0.1, 0.1, 3.1},
            new double[] {0, 0, -3.14159});
    return Stream.concat(special, randoms);
  }

  /** Rodrigues' formula is the matrix exponential of the cross-product matrix. */
  @ParameterizedTest
  @MethodSource("rotationVectors")
  void rotationVectorsExponentiate(double[] w) {
    SimpleMatrix cross =
        new SimpleMatrix(new double[][] {{0, -w[2], w[1]}, {w[2], 0, -w[0]}, {-w[1], w[0], 0}});
    SimpleMatrix expected = SimpleMatrix.identity(3);
    SimpleMatrix term = SimpleMatrix.identity(3);
    for (int n = 1; n < 60; n++) {
      term = term.mult(cross).divide(n);
      expected = expected.plus(term);
    }
    SE3 pose = SE3.fromRotationVector(w[0], w[1], w[2], 1, 2, 3);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        // Terms of the series grow to 3.2^3 / 3!, about 5: some ulps of that.
        assertThat(pose.matrix()[4 * row + column])
            .isEqualTo(expected.get(row, column), Offset.offset(1e-12));
      }
    }
    assertThat(new double[] {pose.tx(), pose.ty(), pose.tz()}).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @MethodSource("rotationVectors")
  void rotationVectorIsTheLogarithm(double[] w) {
    double[] log = SE3.fromRotationVector(w[0], w[1], w[2], 0, 0, 0).rotationVector();
    double angle = Math.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
    if (angle > Math.PI) {
      for (int i = 0; i < 3; i++) {
        w[i] *= 1 - 2 * Math.PI / angle;
      }
    }
    assertThat(log).containsExactly(w, Offset.offset(1e-12));
    assertThat(SE3.fromRotationVector(w[0], w[1], w[2], 0, 0, 0).rotationAngle())
        .isEqualTo(Math.min(angle, 2 * Math.PI - angle), Offset.offset(1e-12));
  }

  @Test
  void perturbedTurnsAboutTheCamerasCentreInWorldAxes() {
    SE3 pose = SE3.fromRotationVector(0.4, -1, 0.7, 3, -2, 5);
    SE3 moved = pose.perturbed(0.1, 0.2, 0.3, 0, 0, Math.PI / 2);
    assertThat(moved.apply(0, 0, 0)).containsExactly(new double[] {3.1, -1.8, 5.3}, ROUNDING);
    double[] axis = pose.rotate(1, 2, 3);
    assertThat(moved.rotate(1, 2, 3))
        .containsExactly(new double[] {-axis[1], axis[0], axis[2]}, ROUNDING);
  }

  /** {@code d(R x + t) = v + w x (R x)}: what pose gradients assume. */
  @Test
  void perturbedHasTheDerivativeOfItsFormula() {
    SE3 pose = SE3.fromRotationVector(-1.1, 0.3, 0.5, 3, -2, 5);
    double[] point = {0.7, -0.4, 2};
    double[] r = pose.rotate(point[0], point[1], point[2]);
    double[][] expected = {
      {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, -r[2], r[1]}, {r[2], 0, -r[0]}, {-r[1], r[0], 0}
    };
    double step = 1e-5;
    for (int k = 0; k < 6; k++) {
      double[] twist = new double[6];
      twist[k] = step;
      double[] above = apply(perturbed(pose, twist), point);
      twist[k] = -step;
      double[] below = apply(perturbed(pose, twist), point);
      for (int i = 0; i < 3; i++) {
        // Central differences: step^2 / 6 times the third derivative, 2e-11 times the lever's 2 m,
        // and rounding of 1e-15 / step.
        assertThat((above[i] - below[i]) / (2 * step))
            .isEqualTo(expected[k][i], Offset.offset(1e-9));
      }
    }
  }

  @Test
  void inverseUndoes() {
    SE3 pose = SE3.fromRotationVector(0.4, -1, 0.7, 3, -2, 5);
    assertThat(pose.times(pose.inverse()).matrix())
        .containsExactly(SE3.IDENTITY.matrix(), ROUNDING);
    assertThat(pose.inverse().times(pose).matrix())
        .containsExactly(SE3.IDENTITY.matrix(), ROUNDING);
  }

  @Test
  void timesAppliesTheRightOneFirst() {
    SE3 a = SE3.fromRotationVector(0.4, -1, 0.7, 3, -2, 5);
    SE3 b = SE3.fromRotationVector(-2, 0.1, 0.3, 1, 1, -4);
    double[] p = b.apply(1, 2, 3);
    assertThat(a.times(b).apply(1, 2, 3)).containsExactly(a.apply(p[0], p[1], p[2]), ROUNDING);
  }

  @Test
  void interpolatesBetweenItsEnds() {
    SE3 a = SE3.fromRotationVector(0, 0, 0.2, 1, 0, 0);
    SE3 b = SE3.fromRotationVector(0, 0, 1.2, 3, 4, 0);
    assertThat(a.interpolate(b, 0).matrix()).containsExactly(a.matrix(), ROUNDING);
    assertThat(a.interpolate(b, 1).matrix()).containsExactly(b.matrix(), ROUNDING);
    assertThat(a.interpolate(b, 0.25).matrix())
        .containsExactly(SE3.fromRotationVector(0, 0, 0.45, 1.5, 1, 0).matrix(), ROUNDING);
  }

  @Test
  void looksAtItsTarget() {
    SE3 pose = SE3.lookAt(new double[] {1, 2, 1}, new double[] {1, 5, 1}, new double[] {0, 0, 1});
    assertThat(pose.apply(0, 0, 3)).as("ahead").containsExactly(new double[] {1, 5, 1}, ROUNDING);
    assertThat(pose.rotate(0, 1, 0)).as("down").containsExactly(new double[] {0, 0, -1}, ROUNDING);
    assertThat(pose.rotate(1, 0, 0)).as("right").containsExactly(new double[] {1, 0, 0}, ROUNDING);
  }

  @Test
  void readsItsOwnMatrix() {
    SE3 pose = SE3.fromRotationVector(0.4, -1, 0.7, 3, -2, 5);
    assertThat(SE3.fromMatrix(pose.matrix()).matrix()).containsExactly(pose.matrix(), ROUNDING);
    double[] threeRows = Arrays.copyOf(pose.matrix(), 12);
    assertThat(SE3.fromMatrix(threeRows).matrix()).containsExactly(pose.matrix(), ROUNDING);
  }

  @Test
  void reOrthonormalisesAMatrixWrittenWithFewDigits() {
    double[] rounded = SE3.fromRotationVector(0.4, -1, 0.7, 3, -2, 5).matrix();
    for (int i = 0; i < 12; i++) {
      rounded[i] = Math.round(rounded[i] * 1e4) / 1e4;
    }
    SE3 pose = SE3.fromMatrix(rounded);
    double[] product = pose.times(pose.inverse()).matrix();
    assertThat(product).containsExactly(SE3.IDENTITY.matrix(), ROUNDING);
    // Digits of 1e-4 were lost.
    assertThat(pose.matrix()).containsExactly(rounded, Offset.offset(2e-4));
  }

  @Test
  void refusesWhatIsNoPose() {
    assertMatrixRejected(new double[9], "pose: 9 numbers (expected: 16 of a 4x4");
    double[] nan = SE3.IDENTITY.matrix();
    nan[3] = Double.NaN;
    assertMatrixRejected(nan, "pose: has a value NaN (expected: finite)");
    double[] scaled = SE3.IDENTITY.matrix();
    scaled[5] = 1.1;
    assertMatrixRejected(
        scaled, "pose: rows 1 and 1 of the rotation have product 1.210000 (expected: 1)");
    double[] sheared = SE3.IDENTITY.matrix();
    sheared[1] = 0.02;
    assertMatrixRejected(
        sheared, "pose: rows 0 and 1 of the rotation have product 0.020000 (expected: 0)");
    double[] mirrored = SE3.IDENTITY.matrix();
    mirrored[10] = -1;
    assertMatrixRejected(mirrored, "pose: a reflection (expected: a rotation, determinant 1)");
    assertThatThrownBy(() -> SE3.fromQuaternion(0, 0, 0, 0, 1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quaternion not zero");
    assertThatThrownBy(() -> SE3.fromQuaternion(0, 0, 0, 1, Double.POSITIVE_INFINITY, 2, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertMatrixRejected(double[] matrix, String message) {
    assertThatThrownBy(() -> SE3.fromMatrix(matrix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private static SE3 perturbed(SE3 pose, double[] t) {
    return pose.perturbed(t[0], t[1], t[2], t[3], t[4], t[5]);
  }

  private static double[] apply(SE3 pose, double[] p) {
    return pose.apply(p[0], p[1], p[2]);
  }
}
