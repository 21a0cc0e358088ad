package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.Sphere;
import io.roomfield.rooms.Textures.Mottle;
import io.roomfield.rooms.Textures.Picture;

/**
 * The pieces a room is furnished with, each built in its assembly's frame with its back at y = 0.
 * Sizes in metres, as furniture shops sell them.
 */
final class Furniture {
  private static final Colour WHITE = Colour.of(0xf2efe6);
  private static final Colour BLACK = Colour.of(0x23211f);

  private Furniture() {}

  /** A sofa with arms, seat cushions and two loose ones. */
  static void sofa(Assembly a) {
    double width = a.between(1.75, 1.95);
    double depth = 0.85;
    double arm = 0.2;
    Texture cover = a.cloth();
    a.add(new Box(width, depth, 0.3, 0.04), 0, depth / 2, 0.21, cover);
    a.add(new Box(width, 0.22, 0.55, 0.08), 0, 0.11, 0.55, cover);
    for (int side = -1; side <= 1; side += 2) {
      double armX = side * (width - arm) / 2;
      a.add(new Box(arm, depth, 0.34, 0.07), armX, depth / 2, 0.47, cover);
      double seatX = side * (width - 2 * arm) / 4;
      double seatWidth = (width - 2 * arm) / 2 - 0.01;
      a.add(new Box(seatWidth, 0.62, 0.14, 0.05), seatX, 0.54, 0.42, a.cloth());
      SE3 leaning = SE3.fromRotationVector(-0.35, 0, 0.2 * side, 1.3 * seatX, 0.34, 0.66);
      a.add(new Box(0.4, 0.14, 0.4, 0.06), leaning, a.mottle(0.15));
    }
  }

  /** A shelf of boards filled with books. */
  static void bookshelf(Assembly a) {
    double width = 0.9;
    double depth = 0.3;
    double height = 1.95;
    double board = 0.025;
    int shelves = 5;
    Texture wood = a.wood(true);
    Texture level = a.wood(false);
    a.add(new Box(width, board, height), 0, board / 2, height / 2, wood);
    for (int side = -1; side <= 1; side += 2) {
      double sideX = side * (width - board) / 2;
      a.add(new Box(board, depth, height), sideX, depth / 2, height / 2, wood);
    }
    double pitch = (height - 0.1 - board) / shelves;
    for (int shelf = 0; shelf <= shelves; shelf++) {
      double z = 0.1 + shelf * pitch;
      a.add(new Box(width - 2 * board, depth, board), 0, depth / 2, z, level);
      if (shelf < shelves) {
        books(a, width / 2 - board, z + board / 2, pitch - board);
      }
    }
  }

  /** A row of books on a shelf board at height z, between -half and half, with a gap somewhere. */
  private static void books(Assembly a, double half, double z, double room) {
    double gapAt = a.between(-half, half);
    double gap = a.between(0.08, 0.3);
    double x = -half + 0.01;
    while (true) {
      double thickness = a.between(0.02, 0.055);
      if (x + thickness > half - 0.005) {
        return;
      }
      if (x > gapAt) {
        x += gap;
        gapAt = half;
        continue;
      }
      double height = room * a.between(0.6, 0.92);
      double depth = a.between(0.15, 0.22);
      double back = a.between(0.03, 0.06);
      Colour print = a.below(2) == 0 ? WHITE : BLACK;
      Texture cover = new Textures.Book(a.anyColour(), print, height, a.seed());
      Box book = new Box(thickness - 0.002, depth, height);
      a.add(book, x + thickness / 2, back + depth / 2, z + height / 2, cover);
      x += thickness;
    }
  }

  /**
   * A table on four round legs, laid with crockery, a box and a pile of books; about its middle.
   */
  static void table(Assembly a) {
    double width = a.between(1.05, 1.2);
    double depth = a.between(0.7, 0.8);
    double height = 0.74;
    double top = 0.035;
    a.add(new Box(width, depth, top, 0.01), 0, 0, height - top / 2, a.wood(false));
    Texture legs = a.wood(true);
    for (int corner = 0; corner < 4; corner++) {
      double x = (corner % 2 == 0 ? -1 : 1) * (width / 2 - 0.07);
      double y = (corner < 2 ? -1 : 1) * (depth / 2 - 0.07);
      a.add(new Cylinder(0.028, height - top), x, y, (height - top) / 2, legs);
    }
    for (int mug = 0; mug < 3; mug++) {
      double x = (mug - 1) * 0.35 + a.between(-0.08, 0.08);
      double y = a.between(-0.28, -0.14);
      a.add(new Cylinder(0.042, 0.1), x, y, height + 0.05, a.mottle(0.04));
    }
    a.add(new Cylinder(0.13, 0.02), -0.3, 0.1, height + 0.01, a.mottle(0.06));
    a.add(new Sphere(0.04), -0.34, 0.08, height + 0.06, a.mottle(0.03));
    a.add(new Sphere(0.038), -0.26, 0.12, height + 0.058, a.mottle(0.03));
    double z = height;
    for (int book = 0; book < 4; book++) {
      SE3 lying = placed(0.25, 0.1, z + 0.018, a.between(-0.5, 0.5));
      a.add(new Box(0.22, 0.16, 0.035), lying, a.mottle(0.05));
      z += 0.036;
    }
  }

  /** A chair with a slatted back, which is at y = 0; the seat is towards positive y. */
  static void chair(Assembly a) {
    double width = 0.42;
    double seat = 0.45;
    Texture wood = a.wood(true);
    a.add(new Box(width, 0.42, 0.04, 0.015), 0, 0.21, seat, a.cloth());
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (width / 2 - 0.025);
      a.add(new Box(0.035, 0.035, 0.9, 0.005), x, 0.02, 0.45, wood);
      a.add(new Box(0.035, 0.035, seat, 0.005), x, 0.39, seat / 2, wood);
    }
    for (int slat = 0; slat < 3; slat++) {
      a.add(new Box(width - 0.06, 0.02, 0.06, 0.005), 0, 0.02, 0.6 + 0.12 * slat, wood);
    }
  }

  /** A low cupboard with drawers, and a vase, a radio and picture frames upon it. */
  static void sideboard(Assembly a) {
    double width = a.between(1.4, 1.6);
    double depth = 0.42;
    double height = 0.8;
    Texture front = a.wood(false);
    a.add(new Box(width, depth, height, 0.008), 0, depth / 2, height / 2, a.wood(false));
    for (int column = 0; column < 3; column++) {
      for (int row = 0; row < 2; row++) {
        double x = (column - 1) * width / 3;
        double z = 0.24 + 0.36 * row;
        a.add(new Box(width / 3 - 0.03, 0.025, 0.33, 0.004), x, depth + 0.005, z, front);
        a.add(new Sphere(0.018), x, depth + 0.03, z, new Mottle(BLACK, BLACK, 1, 0));
      }
    }
    a.add(new Cylinder(0.07, 0.24), -0.5, 0.2, height + 0.12, a.mottle(0.05));
    a.add(new Sphere(0.12), -0.5, 0.2, height + 0.32, foliage(a));
    a.add(new Box(0.34, 0.16, 0.2, 0.03), 0, 0.2, height + 0.1, a.mottle(0.08));
    SE3 leaning = SE3.fromRotationVector(-0.15, 0, 0.3, 0.5, 0.2, height + 0.14);
    a.add(new Box(0.22, 0.02, 0.27), leaning, new Picture(0.22, 0.27, a.seed()));
  }

  /** A writing desk with drawers, a screen, a keyboard and a lamp. */
  static void desk(Assembly a) {
    double width = 1.25;
    double depth = 0.6;
    double height = 0.74;
    Texture wood = a.wood(false);
    a.add(new Box(width, depth, 0.03, 0.005), 0, depth / 2, height - 0.015, wood);
    a.add(new Box(0.38, depth - 0.05, height - 0.03), -0.42, depth / 2, (height - 0.03) / 2, wood);
    for (int drawer = 0; drawer < 3; drawer++) {
      Texture front = a.wood(false);
      a.add(new Box(0.35, 0.02, 0.2, 0.004), -0.42, depth - 0.02, 0.13 + 0.225 * drawer, front);
    }
    a.add(new Box(0.03, depth - 0.05, height - 0.03), 0.6, depth / 2, (height - 0.03) / 2, wood);
    a.add(
        new Box(0.56, 0.03, 0.34, 0.008), 0, 0.16, height + 0.27, new Picture(0.5, 0.3, a.seed()));
    a.add(new Cylinder(0.02, 0.12), 0, 0.15, height + 0.06, new Mottle(BLACK, WHITE, 0.5, 0));
    a.add(new Box(0.42, 0.14, 0.02, 0.004), 0, 0.42, height + 0.01, a.mottle(0.02));
    a.add(new Cylinder(0.08, 0.02), 0.45, 0.2, height + 0.01, a.mottle(0.05));
    a.add(new Cylinder(0.012, 0.35), 0.45, 0.2, height + 0.19, a.mottle(0.05));
    a.add(new Cylinder(0.09, 0.13), 0.45, 0.2, height + 0.4, a.mottle(0.05));
  }

  /** A small round table with a table lamp. */
  static void lampTable(Assembly a) {
    a.add(new Cylinder(0.23, 0.03), 0, 0.3, 0.53, a.wood(false));
    a.add(new Cylinder(0.03, 0.51), 0, 0.3, 0.26, a.wood(true));
    a.add(new Cylinder(0.17, 0.03), 0, 0.3, 0.015, a.wood(false));
    a.add(new Cylinder(0.06, 0.2), 0, 0.3, 0.64, a.mottle(0.05));
    a.add(new Cylinder(0.14, 0.2), 0, 0.3, 0.86, new Mottle(Colour.of(0xd8b878), WHITE, 0.05, 3));
  }

  /** A potted plant: balls of leaves on a stem. */
  static void plant(Assembly a) {
    a.add(new Cylinder(0.16, 0.32), 0, 0.28, 0.16, a.mottle(0.08));
    a.add(new Cylinder(0.02, 0.5), 0, 0.28, 0.55, a.wood(true));
    for (int ball = 0; ball < 7; ball++) {
      double angle = ball * 2.4; // the golden angle: spreads the balls evenly
      double x = 0.13 * Math.cos(angle);
      double y = 0.28 + 0.13 * Math.sin(angle);
      a.add(new Sphere(a.between(0.1, 0.16)), x, y, 0.75 + 0.07 * ball, foliage(a));
    }
  }

  /** Cardboard boxes in a pile. */
  static void cartons(Assembly a) {
    Mottle card = new Mottle(Colour.of(0x8a6238), Colour.of(0xcfa774), 0.12, a.seed());
    double z = 0;
    for (int carton = 0; carton < 3; carton++) {
      double edge = 0.42 - 0.07 * carton;
      double height = a.between(0.24, 0.32);
      SE3 at = placed(0, 0.32, z + height / 2, a.between(-0.3, 0.3));
      a.add(new Box(edge, edge * 0.8, height), at, card);
      SE3 label = at.times(placed(0.03, edge * 0.4, 0, 0));
      a.add(new Box(0.16, 0.004, 0.1), label, new Picture(0.16, 0.1, a.seed()));
      z += height;
    }
  }

  /** A framed picture on the wall, its middle at the origin. */
  static void picture(Assembly a, double width, double height) {
    double rim = 0.05;
    a.add(new Box(width + 2 * rim, 0.03, height + 2 * rim, 0.008), 0, 0.015, 0, a.wood(false));
    a.add(new Box(width, 0.01, height), 0, 0.03, 0, new Picture(width, height, a.seed()));
  }

  /** A panelled door in its frame. */
  static void door(Assembly a) {
    Texture wood = a.wood(true);
    a.add(new Box(0.98, 0.03, 2.1, 0.005), 0, 0.015, 1.05, new Mottle(BLACK, WHITE, 0.6, a.seed()));
    a.add(new Box(0.84, 0.06, 2.02, 0.005), 0, 0.03, 1.01, wood);
    for (int panel = 0; panel < 2; panel++) {
      a.add(new Box(0.6, 0.02, 0.75, 0.008), 0, 0.065, 0.55 + 0.9 * panel, a.wood(false));
    }
    a.add(new Sphere(0.035), 0.36, 0.09, 1.0, new Mottle(Colour.of(0xb08d3c), WHITE, 0.1, 5));
  }

  private static Texture foliage(Assembly a) {
    return new Mottle(Colour.of(0x16351a), Colour.of(0x7cb454), 0.06, a.seed());
  }
}
