package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.HalfSpace;
import io.roomfield.rooms.Shape.Sphere;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ShapeTest {
  /** A few roundings of double arithmetic. */
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void boxIsMeasuredFromFacesEdgesAndCorners() {
    Box box = new Box(2, 4, 6);
    assertThat(box.distance(1.5, 0, 0)).isCloseTo(0.5, EXACT);
    assertThat(box.distance(1 + 3, 2 + 4, 0)).isCloseTo(5, EXACT);
    assertThat(box.distance(1 + 2, 2 + 3, 3 + 6)).isCloseTo(7, EXACT);
    assertThat(box.distance(0.75, 0, 0)).isCloseTo(-0.25, EXACT);
    assertThat(box.distance(0, 0, 0)).isCloseTo(-1, EXACT);
  }

  @Test
  void roundedBoxKeepsItsFacesAndLosesItsCorners() {
    Box box = new Box(2, 2, 2, 0.25);
    assertThat(box.distance(1, 0, 0)).isCloseTo(0, EXACT);
    assertThat(box.distance(1, 1, 1)).isCloseTo((Math.sqrt(3) - 1) * 0.25, EXACT);
  }

  @Test
  void cylinderIsMeasuredFromSideCapAndRim() {
    Cylinder cylinder = new Cylinder(0.5, 2);
    assertThat(cylinder.distance(1.2, 1.6, 0.3)).isCloseTo(1.5, EXACT);
    assertThat(cylinder.distance(0.1, 0, 1.4)).isCloseTo(0.4, EXACT);
    assertThat(cylinder.distance(0.5 + 0.3, 0, 1 + 0.4)).isCloseTo(0.5, EXACT);
    assertThat(cylinder.distance(0, 0.4, 0)).isCloseTo(-0.1, EXACT);
  }

  @Test
  void sphereAndHalfSpaceHaveTheirClosedForms() {
    assertThat(new Sphere(2).distance(2, 3, 6)).isCloseTo(5, EXACT);
    assertThat(new Sphere(2).distance(0, 0, 0.5)).isCloseTo(-1.5, EXACT);
    assertThat(new HalfSpace().distance(17, -4, 0.25)).isCloseTo(0.25, EXACT);
    assertThat(new HalfSpace().distance(17, -4, -0.25)).isCloseTo(-0.25, EXACT);
  }

  @Test
  void distancesGrowAtUnitRateOutside() {
    SplittableRandom random = new SplittableRandom(3);
    double h = 1e-6;
    for (Shape shape : List.of(new Box(1, 2, 0.5, 0.1), new Cylinder(0.4, 0.7), new Sphere(0.3))) {
      for (int i = 0; i < 200; i++) {
        double x = random.nextDouble(-2, 2);
        double y = random.nextDouble(-2, 2);
        double z = random.nextDouble(-2, 2);
        if (shape.distance(x, y, z) > 0.01) {
          double gx = shape.distance(x + h, y, z) - shape.distance(x - h, y, z);
          double gy = shape.distance(x, y + h, z) - shape.distance(x, y - h, z);
          double gz = shape.distance(x, y, z + h) - shape.distance(x, y, z - h);
          double norm = Math.sqrt(gx * gx + gy * gy + gz * gz) / (2 * h);
          assertThat(norm).isCloseTo(1, within(1e-6)); // rounding of the differences: 1e-16 / h
        }
      }
    }
  }

  @Test
  void refusesSizesThatAreNone() {
    assertThatThrownBy(() -> new Box(1, 0, 1)).hasMessage("depth: 0.0 m (expected: > 0)");
    assertThatThrownBy(() -> new Sphere(Double.NaN)).hasMessage("radius: NaN m (expected: > 0)");
    assertThatThrownBy(() -> new Box(1, 1, 0.5, 0.3))
        .hasMessageContaining("rounding: 0.3 m (expected: 0 to 0.25 m");
  }

  @Test
  void ringConeAndPipeAreMeasuredFromTheirNearestPart() {
    assertThat(new Shape.Torus(1, 0.25).distance(0, 0, 0)).isCloseTo(0.75, EXACT);
    assertThat(new Shape.Torus(1, 0.25).distance(1, 0, 0.5)).isCloseTo(0.25, EXACT);
    Shape.Frustum cone = new Shape.Frustum(4, 1, 4); // its side is a 3-4-5 triangle
    assertThat(cone.distance(0, 0, 2.5)).isCloseTo(0.5, EXACT);
    assertThat(cone.distance(2.5 + 0.8, 0, 0.6)).isCloseTo(1, EXACT);
    assertThat(cone.distance(2.5 - 0.4, 0, -0.3)).isCloseTo(-0.5, EXACT);
    Shape.Tube pipe = new Shape.Tube(1, 0.5, 2);
    assertThat(pipe.distance(0, 0, 0)).isCloseTo(0.75, EXACT);
    assertThat(pipe.distance(1, 0, 0)).isCloseTo(-0.25, EXACT);
    assertThat(pipe.distance(1.25 + 0.3, 0, 1 + 0.4)).isCloseTo(0.5, EXACT);
  }

  @Test
  void curvedShapesHaveDistancesOfUnitRateInsideTheirBounds() {
    SplittableRandom random = new SplittableRandom(4);
    List<Shape> shapes =
        List.of(
            new Shape.Torus(0.5, 0.1),
            new Shape.Frustum(0.5, 0.2, 0.7),
            new Shape.Frustum(0.1, 0.6, 0.3),
            new Shape.Tube(0.4, 0.05, 0.6));
    for (Shape shape : shapes) {
      double[] b = shape.bounds();
      for (int i = 0; i < 500; i++) {
        double[] p = random.doubles(6, -1, 1).toArray();
        double here = shape.distance(p[0], p[1], p[2]);
        double there = shape.distance(p[3], p[4], p[5]);
        double apart = Math.hypot(Math.hypot(p[0] - p[3], p[1] - p[4]), p[2] - p[5]);
        assertThat(Math.abs(here - there)).as("1-Lipschitz").isLessThanOrEqualTo(apart + 1e-12);
        if (here <= 0) {
          for (int a = 0; a < 3; a++) {
            assertThat(p[a]).isBetween(b[a], b[a + 3]);
          }
        }
      }
    }
  }
}
