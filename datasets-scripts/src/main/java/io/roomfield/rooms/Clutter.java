package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.Frustum;
import io.roomfield.rooms.Shape.Sphere;
import io.roomfield.rooms.Shape.Torus;
import io.roomfield.rooms.Shape.Tube;

/** Small things that lie about on boards and table tops. Metres. */
final class Clutter {
  /** Edge of the cells that hold a thing each. */
  private static final double CELL = 0.2;

  private Clutter() {}

  /**
   * Fills some cells of a level rectangle about (0, y), so that no two things meet.
   *
   * @param width of the rectangle along x
   * @param depth of it along y
   * @param y its middle
   * @param z its height
   * @param room no thing is taller
   */
  record Board(double width, double depth, double y, double z, double room) {
    /** Scatters things over the board; {@code share} of its cells get one. */
    void fill(Assembly a, double share) {
      int columns = Math.max(1, (int) (width / CELL));
      int rows = Math.max(1, (int) (depth / CELL));
      double cellX = width / columns;
      double cellY = depth / rows;
      double reach = Math.min(cellX, cellY) / 2;
      for (int i = 0; i < columns * rows; i++) {
        if (a.chance(share)) {
          double x = (i % columns + 0.5) * cellX - width / 2;
          double across = (Math.floorDiv(i, columns) + 0.5) * cellY - depth / 2;
          thing(a, x, y + across, reach);
        }
      }
    }

    private void thing(Assembly a, double x, double y, double reach) {
      double r = reach * a.between(0.3, 0.95);
      double h = Math.min(room * 0.9, a.between(0.03, 0.35));
      switch (a.below(8)) {
        case 0 -> a.add(new Cylinder(r * 0.6, h), x, y, z + h / 2, a.mottle(0.05));
        case 1 -> {
          double ball = Math.min(r, room / 2.2);
          a.add(new Sphere(ball), x, y, z + ball, a.mottle(0.05));
        }
        case 2 -> bottle(a, x, y, h);
        case 3 -> pile(a, x, y, r);
        case 4 -> {
          double ring = Math.min(r * 0.75, room);
          a.add(new Torus(ring, ring / 4), x, y, z + ring / 4, a.mottle(0.04));
        }
        case 5 -> a.add(new Frustum(r * 0.4, r * 0.9, h), x, y, z + h / 2, a.mottle(0.06));
        case 6 -> {
          a.add(new Tube(r * 0.5, 0.006, h), x, y, z + h / 2, a.metal());
          a.add(new Cylinder(r * 0.5, 0.006), x, y, z + 0.003, a.metal());
        }
        default ->
            a.add(
                new Box(r * 1.2, r, h, Math.min(0.2 * r, h / 3)),
                placed(x, y, z + h / 2, a.between(0, Math.PI)),
                a.mottle(0.08));
      }
    }

    private void bottle(Assembly a, double x, double y, double height) {
      double r = Math.min(0.04, height / 5);
      Texture glass = a.mottle(0.1);
      a.add(new Cylinder(r, 0.6 * height), x, y, z + 0.3 * height, glass);
      a.add(new Frustum(r, r / 3, 0.2 * height), x, y, z + 0.7 * height, glass);
      a.add(new Cylinder(r / 3, 0.2 * height), x, y, z + 0.9 * height, glass);
    }

    private void pile(Assembly a, double x, double y, double r) {
      double top = z;
      double book = a.between(0.015, 0.04);
      for (int i = a.below(4); i >= 0 && top + book < z + room; i--) {
        Box cover = new Box(r * 1.3, r, book - 0.001);
        a.add(cover, placed(x, y, top + book / 2, a.between(-0.4, 0.4)), a.mottle(0.05));
        top += book;
      }
    }
  }
}
