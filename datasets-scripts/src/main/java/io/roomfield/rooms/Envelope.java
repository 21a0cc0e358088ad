package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What encloses a room: floor, walls with their openings, what is seen through the doorways, the
 * ceiling. Walls are boxes that overlap within the masonry, so that distances are exact outside of
 * it and have no seam near its surface. Metres.
 */
final class Envelope {
  /** Boxes of one wall overlap by this much. */
  private static final double OVERLAP = 0.1;

  /** Walls reach above the ceiling, and the floor beyond the walls. */
  private static final double BEYOND_CEILING = 0.3;

  private static final double BEYOND_WALLS = 6;
  private static final double FLOOR_THICKNESS = 0.5;
  private static final double DOOR_HEIGHT = 2.05;

  /** Nothing stands so near before a doorway. */
  private static final double DOORWAY_FREE = 0.9;

  /** An opening leaves at least so much wall on either side. */
  private static final double MIN_PIER = 0.25;

  /** A wall shorter than this is a facet of a round one. */
  private static final double FACET = 0.4;

  private static final double PANE = 0.1;
  private static final double NEIGHBOUR_WALL = 0.2;

  private final Footprint footprint;
  private final Ceiling ceiling;
  private final SplittableRandom random;
  private final double thickness;
  private final double wallTop;
  private final Assembly solids;
  private final List<Texture> finishes;
  private final List<PlanBox> neighbours = new ArrayList<>();
  private final List<PlanBox> keptFree = new ArrayList<>();
  private int doorways;

  private Envelope(Footprint footprint, Ceiling ceiling, SplittableRandom random) {
    this.footprint = footprint;
    this.ceiling = ceiling;
    this.random = random;
    this.thickness = random.nextDouble(0.22, 0.4);
    this.wallTop = ceiling.top() + BEYOND_CEILING;
    this.solids = new Assembly(SE3.IDENTITY, random);
    this.finishes = List.of(finish(), finish());
  }

  /** Encloses an outline. */
  static Envelope create(Footprint footprint, Ceiling ceiling, SplittableRandom random) {
    Envelope envelope = new Envelope(footprint, ceiling, random);
    envelope.floor();
    ceiling.build(footprint, envelope.solids);
    for (int wall = 0; wall < footprint.walls(); wall++) {
      envelope.wall(wall);
    }
    return envelope;
  }

  List<SceneObject> solids() {
    return solids.parts();
  }

  /** Where furniture would stand in a doorway or hang in a window. */
  List<PlanBox> keptFree() {
    return keptFree;
  }

  int doorways() {
    return doorways;
  }

  private Texture finish() {
    Colour light = solids.anyColour().mix(new Colour(1, 1, 1), 0.5);
    return switch (random.nextInt(4)) {
      case 0 ->
          new Textures.Bricks(
              light.times(0.6), light, new Colour(0.8, 0.78, 0.72), random.nextLong());
      case 1 ->
          new Textures.Wallpaper(light, light.times(0.8), solids.anyColour(), random.nextLong());
      default -> new Textures.Mottle(light.times(0.8), light, 0.6, random.nextLong());
    };
  }

  private void floor() {
    double[] b = footprint.bounds();
    Colour light = solids.anyColour();
    Texture texture =
        random.nextBoolean()
            ? new Textures.Planks(light.times(0.5), light, 0.12, random.nextLong())
            : new Textures.Checker(light.times(0.6), light, 0.3, random.nextLong());
    Box slab =
        new Box(b[2] - b[0] + 2 * BEYOND_WALLS, b[3] - b[1] + 2 * BEYOND_WALLS, FLOOR_THICKNESS);
    solids.add(slab, (b[0] + b[2]) / 2, (b[1] + b[3]) / 2, -FLOOR_THICKNESS / 2, texture);
  }

  /** A hole in a wall, in the wall's frame. */
  private record Opening(double from, double to, double bottom, double top, boolean door) {
    double middle() {
      return (from + to) / 2;
    }

    double width() {
      return to - from;
    }

    double height() {
      return top - bottom;
    }
  }

  private void wall(int wall) {
    double length = footprint.length(wall);
    SE3 frame = footprint.worldFromWall(wall);
    // Facets of a round wall look alike.
    Texture texture = finishes.get(length < FACET ? 0 : random.nextInt(finishes.size()));
    List<Opening> openings = openings(wall, length);
    double start = -extension(wall);
    for (Opening o : openings) {
      block(frame, new double[] {start, o.from, 0, wallTop}, texture);
      double[] sides = {o.from - OVERLAP, o.to + OVERLAP};
      block(frame, new double[] {sides[0], sides[1], o.top, wallTop}, texture);
      if (o.bottom > 0) {
        block(frame, new double[] {sides[0], sides[1], 0, o.bottom}, texture);
        window(frame, o);
      } else {
        doorway(frame, o, length);
      }
      start = o.to;
    }
    block(frame, new double[] {start, length + extension(wall + 1), 0, wallTop}, texture);
  }

  /**
   * How far walls go on beyond a corner, so that they overlap outside: never into the room, so not
   * at inner corners, and little where the outline hardly turns.
   */
  private double extension(int corner) {
    double turn = footprint.turn(corner);
    return turn <= 0 ? 0 : thickness * Math.min(1.5, Math.tan(turn / 2));
  }

  /** A part of the wall's full thickness: {@code {from, to, bottom, top}}. */
  private void block(SE3 frame, double[] extent, Texture texture) {
    double width = extent[1] - extent[0];
    double height = extent[3] - extent[2];
    SE3 middle =
        placed((extent[0] + extent[1]) / 2, -thickness / 2, (extent[2] + extent[3]) / 2, 0);
    solids.add(new Box(width, thickness, height), frame.times(middle), texture);
  }

  private List<Opening> openings(int wall, double length) {
    List<Opening> openings = new ArrayList<>();
    int wanted = random.nextInt(3);
    for (int i = 0; i < wanted; i++) {
      boolean door = random.nextDouble() < 0.5;
      double width = door ? random.nextDouble(0.8, 1.6) : random.nextDouble(0.5, 2.2);
      if (length < width + 2 * MIN_PIER + 0.01) {
        continue;
      }
      double from = random.nextDouble(MIN_PIER, length - MIN_PIER - width);
      double bottom = door ? 0 : random.nextDouble(0.3, 1.2);
      double top = door ? DOOR_HEIGHT : bottom + random.nextDouble(0.5, 1.5);
      Opening opening = new Opening(from, from + width, bottom, top, door);
      if (fits(wall, opening) && openings.stream().allMatch(o -> areApart(o, opening))) {
        openings.add(opening);
      }
    }
    openings.sort(Comparator.comparingDouble(Opening::from));
    return openings;
  }

  private static boolean areApart(Opening a, Opening b) {
    return a.to + MIN_PIER < b.from || b.to + MIN_PIER < a.from;
  }

  /** Below the ceiling, and a doorway has a place for what lies behind. */
  private boolean fits(int wall, Opening o) {
    SE3 frame = footprint.worldFromWall(wall);
    PlanBox hole =
        new PlanBox(o.middle(), 0, 0, o.width() / 2, thickness, o.bottom, o.top).moved(frame);
    if (ceiling.height(hole) < o.top + OVERLAP) {
      return false;
    }
    return !o.door || isVacant(neighbour(frame, o, footprint.length(wall), 1));
  }

  /** The space behind a doorway, as deep as asked for. */
  private PlanBox neighbour(SE3 frame, Opening o, double length, double depth) {
    double from = Math.max(-thickness, o.from - 1.2);
    double to = Math.min(length + thickness, o.to + 1.2);
    double middle = -thickness - depth / 2;
    return new PlanBox(
            (from + to) / 2, middle, 0, (to - from) / 2, depth / 2, 0, DOOR_HEIGHT + OVERLAP)
        .moved(frame);
  }

  private boolean isVacant(PlanBox space) {
    PlanBox walled = space.grownBy(NEIGHBOUR_WALL);
    int samples = 20;
    for (int i = 0; i <= samples; i++) {
      for (int j = 0; j <= samples; j++) {
        double[] p = walled.at(2.0 * i / samples - 1, 2.0 * j / samples - 1);
        // The side at the wall itself touches the room.
        if (footprint.contains(p[0], p[1]) && !isBesideWall(space, p)) {
          return false;
        }
      }
    }
    return neighbours.stream().noneMatch(walled::overlaps);
  }

  private boolean isBesideWall(PlanBox space, double[] p) {
    double inwards =
        -Math.sin(space.yaw()) * (p[0] - space.x()) + Math.cos(space.yaw()) * (p[1] - space.y());
    return inwards > space.halfDepth();
  }

  private void window(SE3 frame, Opening o) {
    Assembly a = new Assembly(frame, random);
    Texture wood = a.covering();
    double recess = random.nextDouble(0.08, thickness - PANE);
    double z = (o.bottom + o.top) / 2;
    if (random.nextDouble() < 0.75) {
      double pane = thickness - recess;
      Texture glass = new Textures.Mottle(Colour.of(0x8fb4d8), Colour.of(0xe8f2fa), 0.8, a.seed());
      Box back = new Box(o.width() + 2 * OVERLAP, pane, o.height() + 2 * OVERLAP);
      a.add(back, o.middle(), -recess - pane / 2, z, glass);
    }
    if (random.nextDouble() < 0.7) {
      double bar = random.nextDouble(0.03, 0.07);
      double y = -recess + bar / 4;
      a.add(new Box(o.width() + OVERLAP, bar, bar), o.middle(), y, z, wood);
      a.add(new Box(bar, bar, o.height() + OVERLAP), o.middle(), y, z, wood);
      double sill = random.nextDouble(0.02, 0.25);
      Box board = new Box(o.width() + OVERLAP, recess + sill, 0.03);
      a.add(board, o.middle(), (sill - recess) / 2, o.bottom, wood);
    }
    solids.parts().addAll(a.parts());
    PlanBox hole = new PlanBox(o.middle(), 0, 0, o.width() / 2, 0.1, o.bottom, o.top);
    keptFree.add(hole.moved(frame));
  }

  private void doorway(SE3 frame, Opening o, double length) {
    doorways++;
    double depth = 1;
    double wanted = random.nextDouble(1.2, 4.5);
    while (depth < wanted && isVacant(neighbour(frame, o, length, depth + 0.25))) {
      depth += 0.25;
    }
    PlanBox space = neighbour(frame, o, length, depth);
    neighbours.add(space);
    double free = DOORWAY_FREE / 2;
    keptFree.add(new PlanBox(o.middle(), free, 0, o.width() / 2, free, 0, o.top).moved(frame));
    neighbourRoom(space);
    Assembly a = new Assembly(frame, random);
    if (random.nextDouble() < 0.5) {
      doorLeaf(a, o);
    }
    if (random.nextDouble() < 0.6) {
      Texture wood = a.covering();
      for (double x : new double[] {o.from - 0.02, o.to + 0.02}) {
        a.add(new Box(0.1, thickness + 0.04, o.top), x, -thickness / 2, o.top / 2, wood);
      }
      Box lintel = new Box(o.width() + 0.2, thickness + 0.04, 0.08);
      a.add(lintel, o.middle(), -thickness / 2, o.top, wood);
    }
    solids.parts().addAll(a.parts());
  }

  /** A door that stands open into the neighbouring room. */
  private void doorLeaf(Assembly a, Opening o) {
    double leaf = Math.min(o.width(), 1) - 0.08;
    SE3 hinge = placed(o.from + 0.06, -thickness + 0.02, 0, -a.between(0.5, 1.5));
    a.add(
        new Box(leaf, 0.04, DOOR_HEIGHT - 0.05),
        hinge.times(placed(leaf / 2, 0, DOOR_HEIGHT / 2 - 0.02, 0)),
        a.wood(true));
  }

  /** Three walls and a ceiling behind a doorway, and something that stands there. */
  private void neighbourRoom(PlanBox space) {
    SE3 frame = placed(space.x(), space.y(), 0, space.yaw());
    Assembly a = new Assembly(frame, random);
    Texture texture = finish();
    double w = 2 * space.halfWidth();
    double d = 2 * space.halfDepth();
    double h = random.nextDouble(space.top(), space.top() + 0.4);
    double t = NEIGHBOUR_WALL;
    a.add(new Box(w + 2 * t, t, h), 0, -(d + t) / 2, h / 2, texture);
    a.add(new Box(t, d + 2 * t, h), -(w + t) / 2, -t / 2, h / 2, texture);
    a.add(new Box(t, d + 2 * t, h), (w + t) / 2, -t / 2, h / 2, texture);
    a.add(new Box(w + 2 * t, d + t, t), 0, -t / 2, h + t / 2, texture);
    double r = random.nextDouble(0.05, 0.25);
    double x = random.nextDouble(-0.5, 0.5) * w;
    double tall = random.nextDouble(0.3, 1.8);
    a.add(new Cylinder(r, tall), x, r - d / 2, tall / 2, a.covering());
    solids.parts().addAll(a.parts());
  }
}
