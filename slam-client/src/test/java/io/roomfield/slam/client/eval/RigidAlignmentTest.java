package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RigidAlignmentTest {
  /** Double precision on coordinates of a few metres. */
  private static final double ROUNDING = 1e-12;

  private static final SE3 MOTION = SE3.fromRotationVector(0.5, -2.2, 1.1, 3, -4, 0.5);

  @Test
  void recoversAKnownMotion() {
    List<double[]> points = randomPoints(1, 1, 1);
    assertSame(RigidAlignment.of(points, moved(points)), MOTION);
  }

  @Test
  void posesOnALineAreAlignedByTheirOrientations() {
    List<SE3> line = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      line.add(SE3.fromRotationVector(0.1, 0.2, 0.3, i, 0, 0));
    }
    assertSame(RigidAlignment.ofPoses(line, line.stream().map(MOTION::times).toList()), MOTION);
  }

  @Test
  void recoversAKnownMotionOfPointsInAPlane() {
    List<double[]> points = randomPoints(1, 1, 0);
    assertSame(RigidAlignment.of(points, moved(points)), MOTION);
  }

  @Test
  void neverReflects() {
    List<double[]> points = randomPoints(1, 1, 0.3);
    List<double[]> mirrored = points.stream().map(p -> new double[] {p[0], p[1], -p[2]}).toList();
    double[] m = RigidAlignment.of(points, mirrored).matrix();
    double determinant =
        m[0] * (m[5] * m[10] - m[6] * m[9])
            - m[1] * (m[4] * m[10] - m[6] * m[8])
            + m[2] * (m[4] * m[9] - m[5] * m[8]);
    assertThat(determinant).isEqualTo(1, within(ROUNDING));
  }

  @Test
  void openRotationsAreRefused() {
    List<double[]> line = randomPoints(1, 0, 0);
    assertThatThrownBy(() -> RigidAlignment.of(line, moved(line)))
        .hasMessageContaining("the points lie on a line");
    List<double[]> point = randomPoints(0, 0, 0);
    assertThatThrownBy(() -> RigidAlignment.of(point, moved(point)))
        .hasMessageContaining("the points lie on a point");
    List<double[]> two = randomPoints(1, 1, 1).subList(0, 2);
    assertThatThrownBy(() -> RigidAlignment.of(two, two))
        .hasMessageContaining("2 and 2 points (expected: as many, 3 or more)");
  }

  private static List<double[]> randomPoints(double x, double y, double z) {
    SplittableRandom random = new SplittableRandom(3);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      points.add(
          new double[] {
            x * random.nextDouble(-2, 2), y * random.nextDouble(-2, 2), z * random.nextDouble(-2, 2)
          });
    }
    return points;
  }

  private static List<double[]> moved(List<double[]> points) {
    return points.stream().map(p -> MOTION.apply(p[0], p[1], p[2])).toList();
  }

  private static void assertSame(SE3 actual, SE3 expected) {
    assertThat(actual.matrix()).containsExactly(expected.matrix(), within(ROUNDING));
  }
}
