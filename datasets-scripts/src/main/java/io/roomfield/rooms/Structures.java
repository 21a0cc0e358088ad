package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.Torus;

/**
 * Parts of buildings that stand in rooms, and things that are all bars and slants; each in its
 * assembly's frame, on the floor, its back at y = 0 or its middle at the origin. Metres.
 */
final class Structures {
  private static final double RISER = 0.17;
  private static final double TREAD = 0.27;

  /** Depth of the steps before a platform. */
  private static final double STEP_DEPTH = 0.3;

  private Structures() {}

  /** Stairs along a wall, rising towards positive x, with a railing at times. */
  static void stairs(Assembly a) {
    int steps = 3 + a.below(9);
    double width = a.between(0.7, 1.1);
    boolean open = a.chance(0.3);
    Texture wood = a.covering();
    double half = steps * TREAD / 2;
    for (int i = 0; i < steps; i++) {
      double x = (i + 0.5) * TREAD - half;
      double top = (i + 1) * RISER;
      double thick = open ? 0.04 : top;
      a.add(new Box(TREAD + 0.02, width, thick), x, width / 2, top - thick / 2, wood);
    }
    if (open) {
      for (int side = 0; side < 2; side++) {
        double y = 0.05 + side * (width - 0.1);
        SE3 slant =
            placed(0, y, 0.5 * steps * RISER, 0)
                .times(SE3.fromRotationVector(0, -Math.atan2(RISER, TREAD), 0, 0, 0, 0));
        a.add(new Box(steps * Math.hypot(RISER, TREAD), 0.05, 0.18), slant, wood);
      }
    }
    if (a.chance(0.6)) {
      railing(a, steps, width - 0.04);
    }
  }

  private static void railing(Assembly a, int steps, double y) {
    Texture metal = a.metal();
    double half = steps * TREAD / 2;
    double high = a.between(0.8, 0.95);
    for (int i = 0; i < steps; i++) {
      double x = (i + 0.5) * TREAD - half;
      double z = (i + 1) * RISER;
      a.rod(new double[] {x, y, z - 0.02}, new double[] {x, y, z + high}, 0.01, metal);
    }
    double[] lower = {0.5 * TREAD - half, y, RISER + high};
    a.rod(lower, new double[] {half - 0.5 * TREAD, y, steps * RISER + high}, 0.022, metal);
  }

  /** A platform with a step or two before it. */
  static void platform(Assembly a) {
    int levels = 1 + a.below(3);
    double width = a.between(1.5, 4);
    double depth = a.between(1.0, 2.2);
    Texture wood = a.covering();
    for (int level = 1; level <= levels; level++) {
      double reach = depth + (levels - level) * STEP_DEPTH;
      double top = level * RISER;
      a.add(new Box(width, reach, top), 0, reach / 2, top / 2, wood);
    }
  }

  /** The part of a platform's plan behind its steps, on which furniture may stand. */
  static PlanBox upperLevel(PlanBox platform) {
    double front = (Math.round(platform.top() / RISER) - 1) * STEP_DEPTH;
    double half = platform.halfDepth() - front / 2;
    double[] middle = platform.at(0, half / platform.halfDepth() - 1);
    return new PlanBox(
        middle[0],
        middle[1],
        platform.yaw(),
        platform.halfWidth(),
        half,
        platform.bottom(),
        platform.top());
  }

  /** A round or square column, as high as asked for. */
  static void column(Assembly a, double height) {
    double r = a.between(0.1, 0.28);
    Texture plaster = a.mottle(0.4);
    if (a.chance(0.5)) {
      a.add(new Cylinder(r, height), 0, 0, height / 2, plaster);
    } else {
      a.add(new Box(2 * r, 2 * r, height), 0, 0, height / 2, plaster);
    }
    if (a.chance(0.4)) {
      a.add(new Box(2 * r + 0.1, 2 * r + 0.1, 0.12), 0, 0, 0.06, plaster);
    }
  }

  /** Boards that lean against the wall, or a ladder. */
  static void leaning(Assembly a) {
    double length = a.between(0.8, 2.2);
    double tilt = a.between(0.15, 0.5);
    double reach = length * Math.sin(tilt);
    double up = length * Math.cos(tilt);
    Texture wood = a.covering();
    if (a.chance(0.5)) {
      int boards = 1 + a.below(3);
      for (int i = 0; i < boards; i++) {
        SE3 slant =
            SE3.fromRotationVector(
                tilt, 0, 0, a.between(-0.1, 0.1), reach / 2 + 0.05 * i + 0.03, up / 2);
        a.add(new Box(a.between(0.15, 0.9), 0.02, length), slant, wood);
      }
      return;
    }
    double r = a.between(0.01, 0.025);
    for (int side = -1; side <= 1; side += 2) {
      double x = side * 0.2;
      a.rod(new double[] {x, reach, 0}, new double[] {x, 0.02, up}, r, wood);
    }
    int rungs = (int) (length / 0.28);
    for (int i = 1; i <= rungs; i++) {
      double share = (i - 0.5) / rungs;
      double y = reach + share * (0.02 - reach);
      a.rod(new double[] {-0.2, y, share * up}, new double[] {0.2, y, share * up}, r, wood);
    }
  }

  /** A rack of bars with clothes on hangers. */
  static void clothesRack(Assembly a) {
    double half = a.between(0.35, 0.8);
    double height = a.between(1.3, 1.75);
    Texture metal = a.metal();
    for (int side = -1; side <= 1; side += 2) {
      double x = side * half;
      a.rod(new double[] {x, 0, 0.01}, new double[] {x, 0, height}, 0.012, metal);
      a.rod(new double[] {x, -0.22, 0.012}, new double[] {x, 0.22, 0.012}, 0.012, metal);
    }
    a.rod(new double[] {-half, 0, height}, new double[] {half, 0, height}, 0.012, metal);
    int clothes = 2 + a.below(6);
    for (int i = 0; i < clothes; i++) {
      double x = ((i + 0.5) / clothes * 2 - 1) * (half - 0.05);
      double length = a.between(0.5, 0.95);
      double z = height - 0.08 - length / 2;
      Box cloth = new Box(a.between(0.02, 0.06), a.between(0.35, 0.5), length, 0.009);
      a.add(cloth, placed(x, 0, z, a.between(-0.15, 0.15)), a.cloth());
      a.rod(new double[] {x, 0, height - 0.1}, new double[] {x, 0, height}, 0.004, metal);
    }
  }

  /** A bicycle: two rings and thin bars; along x. */
  static void bicycle(Assembly a) {
    double wheel = a.between(0.24, 0.34);
    double base = a.between(0.45, 0.52);
    Texture tyre = a.metal();
    Texture frame = a.metal();
    for (int side = -1; side <= 1; side += 2) {
      SE3 upright = SE3.fromRotationVector(Math.PI / 2, 0, 0, side * base, 0, wheel + 0.02);
      a.add(new Torus(wheel, 0.02), upright, tyre);
      a.add(new Cylinder(0.03, 0.08), upright, frame);
      for (int spoke = 0; spoke < 5; spoke++) {
        double angle = spoke * Math.PI / 5;
        double dx = wheel * Math.cos(angle);
        double dz = wheel * Math.sin(angle);
        double z = wheel + 0.02;
        a.rod(
            new double[] {side * base - dx, 0, z - dz},
            new double[] {side * base + dx, 0, z + dz},
            0.003,
            tyre);
      }
    }
    double[] rear = {-base, 0, wheel + 0.02};
    double[] front = {base, 0, wheel + 0.02};
    double[] pedals = {-0.08, 0, wheel};
    double[] saddle = {-0.22, 0, wheel + 0.52};
    double[] head = {0.36, 0, wheel + 0.5};
    double[] bars = {0.33, 0, wheel + 0.68};
    double[][] tubes = {
      rear, pedals, pedals, saddle, saddle, head, pedals, head, rear, saddle, front, bars
    };
    for (int i = 0; i < tubes.length; i += 2) {
      a.rod(tubes[i], tubes[i + 1], 0.016, frame);
    }
    a.rod(
        new double[] {0.33, -0.25, wheel + 0.68},
        new double[] {0.33, 0.25, wheel + 0.68},
        0.014,
        frame);
    a.add(new Box(0.26, 0.14, 0.06, 0.025), -0.24, 0, wheel + 0.55, tyre);
  }

  /** Boxes piled at random, each on the one below. */
  static void boxPile(Assembly a) {
    int stacks = 1 + a.below(3);
    for (int stack = 0; stack < stacks; stack++) {
      double x = (stack - (stacks - 1) / 2.0) * 0.62;
      double z = 0;
      double edge = a.between(0.3, 0.42);
      for (int box = 1 + a.below(4); box > 0; box--) {
        double height = a.between(0.12, 0.38);
        SE3 at = placed(x, 0, z + height / 2, a.between(-0.25, 0.25));
        a.add(new Box(edge, edge * 0.75, height), at, a.mottle(0.12));
        z += height;
        edge *= a.between(0.75, 1);
      }
    }
  }

  /** An armchair of rounded cushions, about its middle; the back is towards negative y. */
  static void armchair(Assembly a) {
    double width = a.between(0.65, 0.95);
    double seat = a.between(0.34, 0.45);
    double arm = a.between(0.1, 0.2);
    Texture cover = a.cloth();
    a.add(new Box(width, 0.75, seat - 0.1, 0.05), 0, 0, 0.1 + (seat - 0.1) / 2, cover);
    a.add(new Box(width, 0.2, a.between(0.4, 0.65), 0.08), 0, -0.3, seat + 0.12, cover);
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (width - arm) / 2;
      a.add(new Box(arm, 0.75, 0.3, arm / 2.2), x, 0, seat + 0.05, cover);
      a.add(new Cylinder(0.02, 0.12), x, 0.3, 0.06, a.wood(true));
      a.add(new Cylinder(0.02, 0.12), x, -0.3, 0.06, a.wood(true));
    }
    a.add(new Box(width - 2 * arm, 0.55, 0.14, 0.06), 0, 0.08, seat + 0.03, a.cloth());
  }
}
