package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.Frustum;
import io.roomfield.rooms.Shape.Sphere;
import io.roomfield.rooms.Shape.Torus;
import io.roomfield.rooms.Textures.Picture;

/**
 * Things on walls (their backs at y = 0, their middles at the origin) and on ceilings (hanging from
 * the origin); each in its assembly's frame. Metres.
 */
final class Fixtures {
  private Fixtures() {}

  /** Hangs some thing on a wall. */
  static void onWall(Assembly a) {
    switch (a.below(9)) {
      case 0, 1 -> Furniture.picture(a, a.between(0.2, 1.2), a.between(0.2, 0.9));
      case 2 -> wallShelf(a);
      case 3 -> wallCupboard(a);
      case 4 ->
          a.add(
              new Box(a.between(0.7, 1.4), 0.05, 0.7, 0.01),
              0,
              0.06,
              0,
              new Picture(1, 0.7, a.seed()));
      case 5 -> clock(a);
      case 6 -> curtain(a);
      case 7 -> hooks(a);
      default -> pipe(a);
    }
  }

  private static void wallShelf(Assembly a) {
    double width = a.between(0.4, 1.4);
    double depth = a.between(0.15, 0.3);
    double board = a.between(0.01, 0.04);
    a.add(new Box(width, depth, board), 0, depth / 2, 0, a.covering());
    for (int side = -1; side <= 1; side += 2) {
      double x = side * width * 0.35;
      Texture metal = a.metal();
      double[] corner = {x, 0.01, -0.15};
      a.rod(corner, new double[] {x, depth * 0.8, -board / 2}, 0.006, metal);
      a.rod(corner, new double[] {x, 0.01, 0}, 0.008, metal);
    }
    new Clutter.Board(width * 0.95, depth * 0.95, depth / 2, board / 2, 0.3).fill(a, 0.6);
  }

  private static void wallCupboard(Assembly a) {
    double width = a.between(0.4, 1.4);
    double depth = a.between(0.15, 0.38);
    double height = a.between(0.3, 0.75);
    Texture body = a.covering();
    a.add(new Box(width, depth, height, 0.004), 0, depth / 2, 0, body);
    for (int side = -1; side <= 1; side += 2) {
      Box door = new Box(width / 2 - 0.01, 0.03, height - 0.02, 0.003);
      a.add(door, side * width / 4, depth + 0.005, 0, body);
      a.add(new Sphere(0.014), side * 0.04, depth + 0.03, -height / 3, a.metal());
    }
  }

  private static void clock(Assembly a) {
    double r = a.between(0.12, 0.4);
    SE3 facing = SE3.fromRotationVector(Math.PI / 2, 0, 0, 0, 0.02, 0);
    a.add(new Cylinder(r, 0.04), facing, a.mottle(0.2));
    SE3 rim = SE3.fromRotationVector(Math.PI / 2, 0, 0, 0, 0.035, 0);
    a.add(new Torus(r, 0.02), rim, a.metal());
  }

  private static void curtain(Assembly a) {
    double half = a.between(0.25, 0.7);
    double height = a.between(0.9, 1.6);
    double fold = a.between(0.03, 0.06);
    Texture cloth = a.cloth();
    double rail = height / 2;
    a.rod(
        new double[] {-half - 0.1, 0.08, rail},
        new double[] {half + 0.1, 0.08, rail},
        0.01,
        a.metal());
    for (int side = -1; side <= 1; side += 2) {
      a.rod(
          new double[] {side * half, 0, rail},
          new double[] {side * half, 0.08, rail},
          0.008,
          cloth);
    }
    int folds = (int) (half * 2 / (1.6 * fold));
    for (int i = 0; i < folds; i++) {
      double x = ((i + 0.5) / folds * 2 - 1) * half;
      double y = 0.08 + (i % 2 == 0 ? 0.3 : -0.3) * fold;
      a.add(new Cylinder(fold, height), x, y, 0, cloth);
    }
  }

  private static void hooks(Assembly a) {
    double width = a.between(0.4, 1.1);
    a.add(new Box(width, 0.02, 0.08), 0, 0.01, 0, a.wood(false));
    int hooks = (int) (width / 0.15);
    for (int i = 0; i < hooks; i++) {
      double x = ((i + 0.5) / hooks - 0.5) * width;
      a.rod(new double[] {x, 0.01, 0}, new double[] {x, 0.09, 0.02}, 0.006, a.metal());
      if (a.chance(0.4)) {
        double length = a.between(0.3, 0.8);
        Box coat = new Box(a.between(0.08, 0.14), 0.07, length, 0.03);
        a.add(coat, x, 0.06, 0.01 - length / 2, a.cloth());
      }
    }
  }

  /** Pipes or cables along the wall, on brackets. */
  private static void pipe(Assembly a) {
    double half = a.between(0.3, 1.0);
    double r = a.between(0.004, 0.03);
    double gap = r + 0.02;
    boolean upright = a.chance(0.5);
    Texture metal = a.metal();
    double x = upright ? 0 : half;
    double z = upright ? half : 0;
    a.rod(new double[] {-x, gap, -z}, new double[] {x, gap, z}, r, metal);
    for (int end = -1; end <= 1; end += 2) {
      double share = 0.9 * end;
      a.rod(
          new double[] {share * x, 0, share * z},
          new double[] {share * x, gap, share * z},
          r,
          metal);
    }
  }

  /** A radiator of thin ribs on the floor at the wall. */
  static void radiator(Assembly a) {
    int ribs = 6 + a.below(16);
    double height = a.between(0.4, 0.8);
    double depth = a.between(0.06, 0.14);
    double y = 0.04 + depth / 2;
    Texture paint = a.metal();
    for (int i = 0; i < ribs; i++) {
      double x = (i - (ribs - 1) / 2.0) * 0.06;
      a.add(new Box(0.03, depth, height, 0.012), x, y, 0.12 + height / 2, paint);
    }
    double half = ribs * 0.03;
    for (double z : new double[] {0.17, 0.07 + height}) {
      a.rod(new double[] {-half, y, z}, new double[] {half, y, z}, 0.02, paint);
    }
    for (int side = -1; side <= 1; side += 2) {
      a.rod(
          new double[] {side * half * 0.7, y, 0},
          new double[] {side * half * 0.7, y, 0.2},
          0.01,
          paint);
      a.rod(
          new double[] {side * half * 0.7, 0, 0.3},
          new double[] {side * half * 0.7, y, 0.3},
          0.01,
          paint);
    }
  }

  /** Hangs some thing from a ceiling, no lower than {@code room} metres. */
  static void onCeiling(Assembly a, double room) {
    Texture metal = a.metal();
    double cord = Math.min(a.between(0.15, 1.1), room - 0.3);
    switch (a.below(5)) {
      case 0 -> {
        a.rod(new double[] {0, 0, 0.1}, new double[] {0, 0, -cord}, 0.004, metal);
        double r = a.between(0.1, 0.28);
        a.add(new Frustum(r, 0.3 * r, 0.2), 0, 0, -cord - 0.08, a.mottle(0.1));
      }
      case 1 -> {
        a.rod(new double[] {0, 0, 0.1}, new double[] {0, 0, -cord}, 0.005, metal);
        double r = a.between(0.06, 0.16);
        a.add(new Sphere(r), 0, 0, -cord - 0.5 * r, a.mottle(0.1));
      }
      case 2 -> {
        a.add(new Box(1.2, 0.12, 0.06, 0.01), 0, 0, -0.25, metal);
        for (int side = -1; side <= 1; side += 2) {
          a.rod(
              new double[] {side * 0.5, 0, 0.2}, new double[] {side * 0.5, 0, -0.24}, 0.004, metal);
        }
      }
      case 3 -> fan(a, metal);
      default -> ring(a, metal);
    }
  }

  private static void fan(Assembly a, Texture metal) {
    a.rod(new double[] {0, 0, 0.1}, new double[] {0, 0, -0.3}, 0.015, metal);
    a.add(new Cylinder(0.1, 0.12), 0, 0, -0.3, metal);
    for (int blade = 0; blade < 4; blade++) {
      SE3 turned =
          placed(0, 0, -0.3, blade * Math.PI / 2)
              .times(SE3.fromRotationVector(0.2, 0, 0, 0.35, 0, 0));
      a.add(new Box(0.55, 0.11, 0.008, 0.002), turned, a.wood(false));
    }
  }

  /** A ring with two bars across, on a post: a chandelier without its lights. */
  private static void ring(Assembly a, Texture metal) {
    a.add(new Cylinder(0.012, 0.5), placed(0, 0, -0.1, 0), metal);
    SE3 ring = placed(0, 0, -0.4, 0);
    a.add(new Torus(a.between(0.15, 0.3), 0.015), ring, metal);
    for (int spoke = 0; spoke < 2; spoke++) {
      double c = 0.3 * (1 - spoke);
      double s = 0.3 * spoke;
      a.rod(new double[] {-c, -s, -0.35}, new double[] {c, s, -0.35}, 0.006, metal);
    }
    a.rod(new double[] {0, 0, -0.3}, new double[] {0, 0, -0.4}, 0.012, metal);
  }
}
