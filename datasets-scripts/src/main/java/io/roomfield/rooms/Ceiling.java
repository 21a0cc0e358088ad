package io.roomfield.rooms;

import io.roomfield.geometry.SE3;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A ceiling of flat or slanted planes, the lowest of which counts: {@code z = height + slopeX x +
 * slopeY y}. Metres.
 */
record Ceiling(List<Plane> planes) {
  private static final double MIN_HEIGHT = 2.2;
  private static final double MAX_HEIGHT = 3.5;

  /** Where a slanted ceiling is lowest, in metres. */
  private static final double MIN_EAVES = 1.4;

  private static final double MAX_EAVES = 2.1;
  private static final double THICKNESS = 0.5;

  /** How far a slab reaches beyond the outline, in metres. */
  private static final double OVERHANG = 1;

  /** Kinds of ceilings; a gable has two slants. */
  enum Kind {
    FLAT,
    SLANTED,
    GABLE
  }

  /** One plane. */
  record Plane(double height, double slopeX, double slopeY) {
    double at(double x, double y) {
      return height + slopeX * x + slopeY * y;
    }
  }

  /** A random ceiling over an outline; slants rise from some wall (gables: from two). */
  static Ceiling create(Kind kind, Footprint footprint, SplittableRandom random) {
    double top = random.nextDouble(MIN_HEIGHT, MAX_HEIGHT);
    Plane flat = new Plane(top, 0, 0);
    if (kind == Kind.FLAT) {
      return new Ceiling(List.of(flat));
    }
    double eaves = random.nextDouble(MIN_EAVES, MAX_EAVES);
    double slope = Math.tan(Math.toRadians(random.nextDouble(12, 42)));
    int wall = random.nextInt(footprint.walls());
    Plane slant = rising(footprint, wall, eaves, slope);
    if (kind == Kind.SLANTED) {
      return new Ceiling(List.of(flat, slant));
    }
    Plane opposite = new Plane(0, -slant.slopeX, -slant.slopeY);
    double lowest =
        footprint.corners().stream().mapToDouble(c -> opposite.at(c[0], c[1])).min().orElseThrow();
    Plane back = new Plane(eaves - lowest, opposite.slopeX, opposite.slopeY);
    return new Ceiling(List.of(flat, slant, back));
  }

  /** Rises across a wall, and is at the eaves over the outline's lowest corner. */
  private static Plane rising(Footprint footprint, int wall, double eaves, double slope) {
    double[] inwards = footprint.worldFromWall(wall).rotate(0, slope, 0);
    Plane plane = new Plane(0, inwards[0], inwards[1]);
    double lowest =
        footprint.corners().stream().mapToDouble(c -> plane.at(c[0], c[1])).min().orElseThrow();
    return new Plane(eaves - lowest, inwards[0], inwards[1]);
  }

  /** Height over a point of the plan in metres. */
  double height(double x, double y) {
    return planes.stream().mapToDouble(p -> p.at(x, y)).min().orElseThrow();
  }

  /** Least height over a rectangle, which is at a corner. */
  double height(PlanBox box) {
    double least = Double.POSITIVE_INFINITY;
    for (double[] c : box.corners()) {
      least = Math.min(least, height(c[0], c[1]));
    }
    return least;
  }

  /** No point of the ceiling is higher. */
  double top() {
    return planes.get(0).height();
  }

  /** Adds a slab on top of each plane, large enough to cover the outline. */
  void build(Footprint footprint, Assembly a) {
    Texture texture = a.mottle(0.5);
    double[] b = footprint.bounds();
    double span = Math.hypot(b[2] - b[0], b[3] - b[1]) + 2 * OVERHANG;
    double x = (b[0] + b[2]) / 2;
    double y = (b[1] + b[3]) / 2;
    for (Plane plane : planes) {
      double steep = Math.hypot(plane.slopeX, plane.slopeY);
      double angle = Math.atan(steep);
      double scale = steep > 0 ? angle / steep : 0;
      // The rotation that takes the vertical to the plane's normal (-slopeX, -slopeY, 1).
      SE3 tilt = SE3.fromRotationVector(plane.slopeY * scale, -plane.slopeX * scale, 0, 0, 0, 0);
      double[] up = tilt.rotate(0, 0, THICKNESS / 2);
      SE3 pose =
          SE3.fromRotationVector(
              plane.slopeY * scale,
              -plane.slopeX * scale,
              0,
              x + up[0],
              y + up[1],
              plane.at(x, y) + up[2]);
      a.add(
          new Shape.Box(span / Math.cos(angle), span / Math.cos(angle), THICKNESS), pose, texture);
    }
  }
}
