package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class GeometryDirectionsTest {
  private static final int SIDE = 8;

  /** Sums of some hundred numbers of order 1 and an eigendecomposition in double precision. */
  private static final Offset<Double> ROUNDING = within(1e-10);

  private final NormalEquations geometry = new NormalEquations(6);
  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void threeOrthogonalWallsFixEverything() {
    wall(0, 2);
    wall(1, 1.5);
    wall(2, 2.5);
    assertThat(directions().open()).isZero();
    assertUnchanged(directions(), geometry.matrix());
  }

  @Test
  void oneWallLeavesTwoShiftsAndATurnOpen() {
    wall(2, 2);
    GeometryDirections directions = directions();
    assertThat(directions.open()).isEqualTo(3);
    assertUnchanged(directions, geometry.matrix());
    SimpleMatrix h = positiveDefinite();
    SimpleMatrix b = h.extractVector(false, 0);
    // The wall is looked at straight, so that the open directions are axes: x, y, turn about z.
    SimpleMatrix keep = SimpleMatrix.diag(0, 0, 1, 1, 1, 0);
    assertEquals(directions.matrix(h), keep.mult(h).mult(keep));
    assertEquals(directions.gradient(b), keep.mult(b));
  }

  @Test
  void aRectangularCorridorLeavesTheShiftAlongItOpen() {
    for (double side : new double[] {-1, 1.4}) {
      wall(0, side);
      wall(1, side);
    }
    assertThat(directions().open()).isEqualTo(1);
    assertOpen(directions(), 0, 0, 1, 0, 0, 0);
  }

  @Test
  void aPipeLeavesTheShiftAlongItAndTheTurnAboutItOpen() {
    for (int i = 0; i < SIDE * SIDE; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      double x = Math.cos(angle);
      double y = Math.sin(angle);
      surface(new double[] {x, y, 4 * random.nextDouble()}, new double[] {x, y, 0});
    }
    assertThat(directions().open()).isEqualTo(2);
    assertOpen(directions(), 0, 0, 1, 0, 0, 0);
    assertOpen(directions(), 0, 0, 0, 0, 0, 1);
  }

  @Test
  void aBallLeavesTheTurnsAboutItsOwnCentreOpen() {
    double[] c = {0.3, -0.2, 2};
    for (int i = 0; i < SIDE * SIDE; i++) {
      double[] n = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
      double length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
      for (int axis = 0; axis < 3; axis++) {
        n[axis] /= length;
      }
      surface(new double[] {c[0] + n[0] / 2, c[1] + n[1] / 2, c[2] + n[2] / 2}, n);
    }
    assertThat(directions().open()).isEqualTo(3);
    // A turn w about the camera's centre moves the ball's by w x c; a shift takes that back.
    assertOpen(directions(), 0, c[2], -c[1], 1, 0, 0);
    assertOpen(directions(), -c[2], 0, c[0], 0, 1, 0);
    assertOpen(directions(), c[1], -c[0], 0, 0, 0, 1);
  }

  @Test
  void withoutSurfacesEverythingIsOpen() {
    assertThat(directions().open()).isEqualTo(6);
    assertEquals(directions().matrix(positiveDefinite()), new SimpleMatrix(6, 6));
  }

  /** A direction takes no part in what is left of any normal equations. */
  private void assertOpen(GeometryDirections directions, double... twist) {
    SimpleMatrix x = new SimpleMatrix(6, 1, true, twist);
    SimpleMatrix h = positiveDefinite();
    assertEquals(directions.matrix(h).mult(x), new SimpleMatrix(6, 1));
    assertThat(directions.gradient(h.extractVector(false, 0)).dot(x)).isCloseTo(0, ROUNDING);
  }

  private static void assertUnchanged(GeometryDirections directions, SimpleMatrix h) {
    assertEquals(directions.matrix(h).divide(h.elementMaxAbs()), h.divide(h.elementMaxAbs()));
  }

  private static void assertEquals(SimpleMatrix actual, SimpleMatrix expected) {
    assertThat(actual.getDDRM().getData()).containsExactly(expected.getDDRM().getData(), ROUNDING);
  }

  private SimpleMatrix positiveDefinite() {
    SimpleMatrix a = new SimpleMatrix(6, 6);
    for (int i = 0; i < 36; i++) {
      a.set(i, random.nextDouble() - 0.5);
    }
    return a.mult(a.transpose());
  }

  private GeometryDirections directions() {
    return GeometryDirections.of(geometry.matrix(), geometry.weights());
  }

  /** A wall across an axis, seen from the origin. */
  private void wall(int axis, double metres) {
    double[] normal = new double[3];
    normal[axis] = 1;
    for (int i = 0; i < SIDE * SIDE; i++) {
      double[] point = new double[3];
      point[axis] = metres;
      int row = i / SIDE;
      point[(axis + 1) % 3] = i % SIDE - (SIDE - 1) / 2.0;
      point[(axis + 2) % 3] = row - (SIDE - 1) / 2.0;
      surface(point, normal);
    }
  }

  private void surface(double[] p, double[] n) {
    double[] jacobian = {
      n[0],
      n[1],
      n[2],
      p[1] * n[2] - p[2] * n[1],
      p[2] * n[0] - p[0] * n[2],
      p[0] * n[1] - p[1] * n[0]
    };
    geometry.add(jacobian, 0, 1, 1);
  }
}
