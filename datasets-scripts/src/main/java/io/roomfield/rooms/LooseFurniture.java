package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.Frustum;
import io.roomfield.rooms.Shape.Sphere;
import io.roomfield.rooms.Shape.Torus;
import io.roomfield.rooms.Shape.Tube;
import io.roomfield.rooms.Textures.Picture;

/**
 * Furniture of many sizes for rooms to learn from, each piece built in its assembly's frame, on the
 * floor, its back at y = 0 or its middle at the origin. Metres.
 */
final class LooseFurniture {
  private LooseFurniture() {}

  /** From a coffee table to a bar table: four-legged, A-framed or on a pedestal, laid or bare. */
  static void table(Assembly a) {
    double width = a.between(0.45, 2.2);
    double depth = Math.min(width, a.between(0.4, 1.0));
    double height = a.between(0.35, 1.1);
    double board = a.between(0.012, 0.05);
    double under = height - board;
    Texture top = a.covering();
    boolean round = a.chance(0.3);
    double legX = width / 2 - 0.06;
    double legY = depth / 2 - 0.06;
    if (round) {
      a.add(new Cylinder(depth / 2, board), 0, 0, height - board / 2, top);
      legX = depth * 0.3;
      legY = depth * 0.3;
      width = depth * 0.7;
      depth = width;
    } else {
      a.add(new Box(width, depth, board, board / 4), 0, 0, height - board / 2, top);
    }
    if (round && a.chance(0.5)) {
      a.add(new Cylinder(a.between(0.02, 0.06), under), 0, 0, under / 2, a.metal());
      a.add(new Frustum(depth / 2, 0.03, 0.05), 0, 0, 0.025, a.metal());
    } else {
      legs(a, new double[] {legX, legY, under}, a.chance(0.4) ? a.between(0, 0.12) : 0);
    }
    new Clutter.Board(0.9 * width, 0.9 * depth, 0, height, 0.35).fill(a, a.between(0, 0.6));
  }

  /** Four legs under {@code {halfX, halfY, height}}, their feet splayed inwards. */
  private static void legs(Assembly a, double[] corner, double splay) {
    double r = a.between(0.008, 0.035);
    boolean square = splay == 0 && a.chance(0.5);
    Texture texture = a.chance(0.5) ? a.metal() : a.wood(true);
    for (int leg = 0; leg < 4; leg++) {
      double x = (leg % 2 == 0 ? -1 : 1) * corner[0];
      double y = (leg < 2 ? -1 : 1) * corner[1];
      if (square) {
        a.add(new Box(2 * r, 2 * r, corner[2]), x, y, corner[2] / 2, texture);
      } else {
        double[] foot = {x * (1 - splay), y * (1 - splay), 0};
        a.rod(foot, new double[] {x, y, corner[2]}, r, texture);
      }
    }
  }

  /** A chair or a bar stool of any make, about its middle; the back is towards negative y. */
  static void chair(Assembly a) {
    double width = a.between(0.34, 0.55);
    double seat = a.chance(0.2) ? a.between(0.6, 0.8) : a.between(0.38, 0.5);
    double thick = a.between(0.02, 0.1);
    double half = width / 2;
    Texture cover = a.covering();
    if (a.chance(0.2)) {
      a.add(new Cylinder(half, thick), 0, 0, seat - thick / 2, cover);
      legs(a, new double[] {half * 0.6, half * 0.6, seat - thick}, -0.2);
      return;
    }
    a.add(new Box(width, width, thick, thick / 3), 0, 0, seat - thick / 2, cover);
    legs(a, new double[] {half - 0.04, half - 0.04, seat - thick}, a.between(-0.15, 0));
    double back = seat + a.between(0.3, 0.55);
    double r = a.between(0.008, 0.02);
    Texture frame = a.chance(0.5) ? a.metal() : a.wood(true);
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (half - 0.04);
      a.rod(
          new double[] {x, 0.03 - half, seat - thick / 2},
          new double[] {x, -0.04 - half, back},
          r,
          frame);
      if (a.chance(0.3)) {
        double[] rest = {x, half - 0.1, seat + 0.2};
        a.rod(new double[] {x, -half, seat + 0.2}, rest, r, frame);
        a.rod(new double[] {x, half - 0.1, seat - thick / 2}, rest, r, frame);
      }
    }
    int slats = 1 + a.below(4);
    double pitch = (back - seat) / (slats + 0.5);
    for (int slat = 0; slat < slats; slat++) {
      double z = back - (slat + 0.4) * pitch;
      double y = -half - 0.04 + 0.07 * (back - z) / (back - seat);
      a.add(new Box(width - 0.06, 0.018, pitch * 0.7, 0.004), 0, y, z, frame);
    }
  }

  /** An open shelf, with or without a back, its boards cluttered. */
  static void shelf(Assembly a) {
    double width = a.between(0.4, 1.8);
    double depth = a.between(0.2, 0.45);
    double height = a.between(0.5, 2.2);
    double board = a.between(0.012, 0.035);
    int bays = Math.max(1, (int) (height / a.between(0.28, 0.5)));
    Texture wood = a.covering();
    boolean posts = a.chance(0.3);
    if (!posts && a.chance(0.7)) {
      a.add(new Box(width, 0.012, height), 0, 0.006, height / 2, wood);
    }
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (width - board) / 2;
      if (posts) {
        a.add(new Cylinder(board / 2, height), x, board, height / 2, wood);
        a.add(new Cylinder(board / 2, height), x, depth - board, height / 2, wood);
      } else {
        a.add(new Box(board, depth, height), x, depth / 2, height / 2, wood);
      }
    }
    double pitch = (height - 0.08) / bays;
    double share = a.between(0.2, 0.95);
    for (int i = 0; i <= bays; i++) {
      double z = 0.08 + i * pitch - board / 2;
      a.add(new Box(width - board, depth, board), 0, depth / 2, z, wood);
      double room = i < bays ? pitch - board : 0.3;
      new Clutter.Board(width - 3 * board, depth - 0.04, depth / 2, z + board / 2, room)
          .fill(a, i < bays ? share : 0.3);
    }
  }

  /** A bed, its head at the wall. */
  static void bed(Assembly a) {
    double width = a.between(0.8, 1.8);
    double length = a.between(1.9, 2.15);
    double frame = a.between(0.2, 0.4);
    double mattress = a.between(0.12, 0.28);
    Texture wood = a.covering();
    Texture sheet = a.cloth();
    double middle = length / 2 + 0.05;
    a.add(new Box(width, length, 0.1, 0.01), 0, middle, frame - 0.05, wood);
    for (int corner = 0; corner < 4; corner++) {
      double x = (corner % 2 == 0 ? -1 : 1) * (width / 2 - 0.04);
      double y = middle + (corner < 2 ? -1 : 1) * (length / 2 - 0.04);
      a.add(new Box(0.06, 0.06, frame), x, y, frame / 2, wood);
    }
    a.add(new Box(width, 0.05, a.between(0.6, 1.3), 0.01), 0, 0.025, 0.5, wood);
    double top = frame + mattress;
    double round = mattress / 2.5;
    a.add(
        new Box(width - 0.04, length - 0.04, mattress, round),
        0,
        middle,
        frame + mattress / 2,
        sheet);
    int pillows = width > 1.2 ? 2 : 1;
    for (int i = 0; i < pillows; i++) {
      double x = pillows == 1 ? 0 : (i - 0.5) * width / 2;
      SE3 lying = placed(x, 0.3, top + 0.04, a.between(-0.3, 0.3));
      a.add(new Box(0.6, 0.36, 0.14, 0.065), lying, a.cloth());
    }
    double blanket = a.between(0.5, 0.75) * length;
    a.add(
        new Box(width + 0.02, blanket, 0.1, 0.045),
        0,
        middle + (length - blanket) / 2,
        top + 0.01,
        a.mottle(0.2));
  }

  /** From a bedside cupboard to a wardrobe, its doors and drawers a little proud; one ajar. */
  static void cupboard(Assembly a) {
    double width = a.between(0.4, 2.2);
    double depth = a.between(0.32, 0.62);
    double height = a.between(0.45, 2.2);
    Texture body = a.covering();
    Texture front = a.chance(0.5) ? body : a.covering();
    a.add(new Box(width, depth, height, 0.004), 0, depth / 2, height / 2, body);
    int columns = Math.max(1, (int) (width / 0.45));
    int rows = a.chance(0.5) ? 1 : Math.max(1, (int) (height / a.between(0.2, 0.6)));
    double doorWidth = width / columns - 0.012;
    double doorHeight = (height - 0.06) / rows - 0.012;
    for (int i = 0; i < columns * rows; i++) {
      double x = (i % columns + 0.5) * width / columns - width / 2;
      double z = 0.05 + (Math.floorDiv(i, columns) + 0.5) * (height - 0.06) / rows;
      a.add(new Box(doorWidth, 0.03, doorHeight, 0.003), x, depth + 0.005, z, front);
      double grip = x + (rows == 1 ? doorWidth * 0.4 : 0);
      a.add(new Sphere(0.014), grip, depth + 0.032, z, a.metal());
    }
    double onTop = height < 1.4 ? 0.6 : 0.25;
    new Clutter.Board(0.9 * width, 0.9 * depth, depth / 2, height, 0.35).fill(a, onTop);
  }

  /** A desk with one or two screens on thin stands, a computer under it, and cables. */
  static void workplace(Assembly a) {
    double width = a.between(1.0, 1.9);
    double depth = a.between(0.55, 0.85);
    double height = a.between(0.68, 0.78);
    a.add(new Box(width, depth, 0.03, 0.005), 0, depth / 2, height - 0.015, a.covering());
    Assembly under = new Assembly(SE3.IDENTITY, a.random());
    legs(under, new double[] {width / 2 - 0.05, depth / 2 - 0.05, height - 0.03}, 0);
    under.parts().forEach(leg -> a.parts().add(leg.moved(placed(0, depth / 2, 0, 0))));
    int screens = 1 + a.below(2);
    for (int i = 0; i < screens; i++) {
      double x = (i - (screens - 1) / 2.0) * 0.62;
      double yaw = (screens - 1) * (0.5 - i) * -0.5;
      double z = height + a.between(0.28, 0.36);
      SE3 turned = placed(x, 0.2, z, yaw);
      a.add(
          new Box(0.55, a.between(0.012, 0.05), 0.33, 0.004),
          turned,
          new Picture(0.5, 0.3, a.seed()));
      a.add(new Cylinder(0.015, z - height), x, 0.17, (z + height) / 2, a.metal());
      a.add(new Cylinder(0.1, 0.01), x, 0.18, height + 0.005, a.metal());
    }
    a.add(new Box(0.43, 0.14, 0.018, 0.004), 0, depth - 0.2, height + 0.009, a.metal());
    a.add(new Box(0.06, 0.1, 0.03, 0.014), 0.32, depth - 0.2, height + 0.015, a.metal());
    Texture cable = a.metal();
    double[] plug = {0, 0.02, 0.1};
    double[] sag = {width / 5, 0.1, 0.15};
    a.rod(new double[] {0, 0.15, height - 0.02}, sag, 0.004, cable);
    a.rod(sag, plug, 0.004, cable);
    if (a.chance(0.7)) {
      a.add(new Box(0.2, 0.45, 0.45, 0.005), width / 2 - 0.2, depth / 2, 0.225, a.metal());
    }
  }

  /** A pot with thin stems and leaves, from a window-sill plant to a small tree. */
  static void leafyPlant(Assembly a) {
    double pot = a.between(0.08, 0.2);
    double potHeight = a.between(1.2, 2) * pot;
    a.add(new Frustum(0.7 * pot, pot, potHeight), 0, 0, potHeight / 2, a.mottle(0.08));
    double height = potHeight + a.between(0.25, 1.3);
    Texture green = new Textures.Mottle(Colour.of(0x16351a), Colour.of(0x7cb454), 0.06, a.seed());
    int leaves = 10 + a.below(20);
    boolean bush = a.chance(0.5);
    if (!bush) {
      double[] soil = {0, 0, potHeight / 2};
      a.rod(soil, new double[] {0.03, 0.02, height}, a.between(0.006, 0.02), a.wood(true));
    }
    double goldenAngle = 2.399963; // spreads the leaves evenly
    for (int i = 0; i < leaves; i++) {
      double share = (i + 0.5) / leaves;
      double angle = i * goldenAngle + a.between(-0.3, 0.3);
      double start = bush ? potHeight * 0.8 : potHeight + share * (height - potHeight);
      double length = a.between(0.12, 0.4);
      double rise = bush ? a.between(0.3, 1.3) : a.between(-0.4, 0.7);
      double reach = bush ? height - potHeight : 0.05;
      double r = reach * Math.cos(rise);
      double tipZ = start + reach * Math.sin(rise);
      double[] at = {r * Math.cos(angle), r * Math.sin(angle), tipZ};
      a.rod(new double[] {0.02 * share, 0.015 * share, start}, at, 0.004, green);
      SE3 blade =
          placed(at[0], at[1], at[2], angle)
              .times(SE3.fromRotationVector(0, a.between(-0.6, 0.6), 0, 0, 0, 0))
              .times(SE3.fromRotationVector(a.between(-0.5, 0.5), 0, 0, 0, 0, 0));
      a.add(
          new Box(length, a.between(0.03, 0.1), 0.004, 0.001),
          blade.times(placed(length * 0.4, 0, 0, 0)),
          green);
    }
  }

  /** A lamp on a thin pole. */
  static void floorLamp(Assembly a) {
    double height = a.between(1.2, 1.9);
    double shade = a.between(0.12, 0.25);
    Texture metal = a.metal();
    a.add(new Cylinder(a.between(0.12, 0.18), 0.025), 0, 0, 0.0125, metal);
    a.add(new Cylinder(a.between(0.006, 0.015), height), 0, 0, height / 2, metal);
    if (a.chance(0.5)) {
      a.add(new Frustum(shade, 0.6 * shade, 0.3), 0, 0, height, a.cloth());
    } else {
      a.add(new Tube(shade, 0.008, 0.28), 0, 0, height, a.cloth());
      a.rod(new double[] {-shade, 0, height}, new double[] {shade, 0, height}, 0.005, metal);
      a.add(new Sphere(0.04), 0, 0, height + 0.02, a.mottle(0.1));
    }
  }

  /** Something curved: a vase, a ball, rings, a bin; on a plinth at times. */
  static void ornament(Assembly a) {
    double z = 0;
    if (a.chance(0.5)) {
      z = a.between(0.3, 1.1);
      a.add(new Box(0.36, 0.36, z, 0.01), 0, 0, z / 2, a.covering());
    }
    double r = a.between(0.1, 0.17);
    Texture t = a.mottle(0.1);
    switch (a.below(4)) {
      case 0 -> {
        a.add(new Frustum(0.5 * r, r, 1.2 * r), 0, 0, z + 0.6 * r, t);
        a.add(new Frustum(r, 0.35 * r, r), 0, 0, z + 1.7 * r, t);
        a.add(new Frustum(0.35 * r, 0.55 * r, 0.5 * r), 0, 0, z + 2.45 * r, t);
      }
      case 1 -> a.add(new Sphere(r), 0, 0, z + r, t);
      case 2 -> {
        a.add(new Cylinder(0.6 * r, 0.05), 0, 0, z + 0.025, t);
        double ring = a.between(0.6, 0.8) * r;
        SE3 upright = SE3.fromRotationVector(Math.PI / 2, 0, 0, 0, 0, z + 0.04 + 1.25 * ring);
        a.add(new Torus(ring, ring / 4), upright, t);
      }
      default -> {
        a.add(new Tube(r, 0.01, 2.2 * r), 0, 0, z + 1.1 * r, t);
        a.add(new Cylinder(r, 0.02), 0, 0, z + 0.01, t);
      }
    }
  }
}
