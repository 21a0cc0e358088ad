package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A room's outline in the plan: a simple polygon, counter-clockwise, so that the room lies to the
 * left of each wall. Metres.
 *
 * @param corners {@code {x, y}}
 */
record Footprint(List<double[]> corners) {
  private static final double MIN_WIDTH = 2.5;
  private static final double MAX_WIDTH = 8;
  private static final double MIN_LENGTH = 2.5;
  private static final double MAX_LENGTH = 7;

  /** No arm of an L-shape and no piece of wall beside an alcove is narrower, in metres. */
  private static final double MIN_ARM = 1.3;

  private static final double MIN_BESIDE = 0.5;

  /** How far a corner may be off the right angle's place, in metres. */
  private static final double SKEW = 0.12;

  /** Facets of a half circle: 7.5 degrees each. */
  private static final int FACETS = 24;

  /** Kinds of outlines. */
  enum Kind {
    RECTANGLE,
    L_SHAPE,
    ALCOVE,
    APSE,
    SKEWED
  }

  Footprint {
    corners = List.copyOf(corners);
  }

  /** A random outline of a kind about the origin. */
  static Footprint create(Kind kind, SplittableRandom random) {
    double w = random.nextDouble(MIN_WIDTH, MAX_WIDTH);
    double l = random.nextDouble(MIN_LENGTH, MAX_LENGTH);
    List<double[]> corners = new ArrayList<>();
    corners.add(new double[] {-w / 2, -l / 2});
    corners.add(new double[] {w / 2, -l / 2});
    if (kind == Kind.L_SHAPE) {
      double cutX = random.nextDouble(0.25, 1) * (w - MIN_ARM);
      double cutY = random.nextDouble(0.25, 1) * (l - MIN_ARM);
      corners.add(new double[] {w / 2, l / 2 - cutY});
      corners.add(new double[] {w / 2 - cutX, l / 2 - cutY});
      corners.add(new double[] {w / 2 - cutX, l / 2});
    } else {
      corners.add(new double[] {w / 2, l / 2});
    }
    if (kind == Kind.ALCOVE || kind == Kind.APSE) {
      bulge(corners, kind == Kind.APSE, w, random);
    }
    corners.add(new double[] {-w / 2, l / 2});
    if (kind == Kind.SKEWED) {
      for (double[] corner : corners) {
        corner[0] += random.nextDouble(-SKEW, SKEW);
        corner[1] += random.nextDouble(-SKEW, SKEW);
      }
    }
    return new Footprint(turned(corners, random.nextDouble(2 * Math.PI)));
  }

  /** A bay out of the upper wall, square or round; the wall runs towards negative x. */
  private static void bulge(
      List<double[]> corners, boolean round, double width, SplittableRandom random) {
    double y = corners.getLast()[1];
    double opening = random.nextDouble(0.9, width - 2 * MIN_BESIDE);
    double free = width - opening - 2 * MIN_BESIDE;
    double middle = random.nextDouble(-0.5, 0.5) * free;
    double depth = random.nextDouble(0.4, 1.5);
    int points = round ? FACETS + 1 : 4;
    for (int i = 0; i < points; i++) {
      double angle = Math.PI * i / (points - 1);
      double along = round ? Math.cos(angle) : (i < 2 ? 1 : -1);
      double out = round ? Math.sin(angle) : (i == 1 || i == 2 ? 1 : 0);
      corners.add(new double[] {middle + along * opening / 2, y + out * depth});
    }
  }

  private static List<double[]> turned(List<double[]> corners, double angle) {
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    return corners.stream()
        .map(p -> new double[] {c * p[0] - s * p[1], s * p[0] + c * p[1]})
        .toList();
  }

  int walls() {
    return corners.size();
  }

  double[] corner(int index) {
    return corners.get(Math.floorMod(index, corners.size()));
  }

  /** Wall {@code i} runs from corner i to the next one; its length. */
  double length(int wall) {
    double[] a = corner(wall);
    double[] b = corner(wall + 1);
    return Math.hypot(b[0] - a[0], b[1] - a[1]);
  }

  /** A wall's frame: x along it from its first corner, y into the room, z up, on the floor. */
  SE3 worldFromWall(int wall) {
    return placed(corner(wall)[0], corner(wall)[1], 0, direction(wall));
  }

  private double direction(int wall) {
    double[] a = corner(wall);
    double[] b = corner(wall + 1);
    return Math.atan2(b[1] - a[1], b[0] - a[0]);
  }

  /** By how much the outline turns left at a corner, in radians; negative at inner corners. */
  double turn(int corner) {
    return Math.IEEEremainder(direction(corner) - direction(corner - 1), 2 * Math.PI);
  }

  /** Whether a point lies inside (crossing number). */
  boolean contains(double x, double y) {
    boolean inside = false;
    for (int i = 0; i < walls(); i++) {
      double[] a = corner(i);
      double[] b = corner(i + 1);
      if (a[1] > y != b[1] > y && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])) {
        inside = !inside;
      }
    }
    return inside;
  }

  /** Whether a rectangle lies inside altogether. */
  boolean contains(PlanBox box) {
    for (double[] c : box.corners()) {
      if (!contains(c[0], c[1])) {
        return false;
      }
    }
    return corners.stream().noneMatch(c -> box.covers(c[0], c[1]));
  }

  /** {@code {minX, minY, maxX, maxY}}. */
  double[] bounds() {
    double far = Double.POSITIVE_INFINITY;
    double[] b = {far, far, -far, -far};
    for (double[] c : corners) {
      for (int a = 0; a < 2; a++) {
        b[a] = Math.min(b[a], c[a]);
        b[a + 2] = Math.max(b[a + 2], c[a]);
      }
    }
    return b;
  }

  double area() {
    double twice = 0;
    for (int i = 0; i < walls(); i++) {
      twice += corner(i)[0] * corner(i + 1)[1] - corner(i + 1)[0] * corner(i)[1];
    }
    return twice / 2;
  }

  /** A random point inside, {@code {x, y}}. */
  double[] point(SplittableRandom random) {
    double[] b = bounds();
    while (true) {
      double x = random.nextDouble(b[0], b[2]);
      double y = random.nextDouble(b[1], b[3]);
      if (contains(x, y)) {
        return new double[] {x, y};
      }
    }
  }
}
