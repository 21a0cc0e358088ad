package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Places furniture in a room so that no two pieces meet, nothing reaches through walls or the
 * ceiling, and doorways stay free. Each piece is built in a frame of its own, then places are tried
 * until one is vacant. Metres.
 */
final class Furnishing {
  private static final int ATTEMPTS = 25;

  /** Pieces keep this distance, so that no two faces coincide. */
  private static final double GAP = 0.004;

  /** Furniture takes at most this share of the floor. */
  private static final double MAX_FILL = 0.4;

  private static final int MIN_PIECES = 5;
  private static final int MAX_PIECES = 20;

  /** What can be chosen from; those that stand at walls have their backs at y = 0. */
  private static final List<Consumer<Assembly>> AT_WALLS =
      List.of(
          Furniture::sofa,
          Furniture::bookshelf,
          Furniture::sideboard,
          Furniture::desk,
          Furniture::lampTable,
          Furniture::plant,
          Furniture::cartons,
          LooseFurniture::shelf,
          LooseFurniture::shelf,
          LooseFurniture::bed,
          LooseFurniture::cupboard,
          LooseFurniture::cupboard,
          LooseFurniture::workplace,
          Structures::leaning,
          Fixtures::radiator);

  private static final List<Consumer<Assembly>> ANYWHERE =
      List.of(
          Furniture::table,
          Furniture::chair,
          LooseFurniture::table,
          LooseFurniture::table,
          LooseFurniture::chair,
          LooseFurniture::chair,
          LooseFurniture::leafyPlant,
          LooseFurniture::floorLamp,
          LooseFurniture::ornament,
          Structures::armchair,
          Structures::boxPile,
          Structures::clothesRack,
          Structures::bicycle);

  private final Footprint footprint;
  private final Ceiling ceiling;
  private final SplittableRandom random;
  private final List<PlanBox> taken;
  private final List<PlanBox> platforms = new ArrayList<>();
  private final List<PlanBox> pieces = new ArrayList<>();
  private final List<SceneObject> solids = new ArrayList<>();
  private final Set<ProceduralRoom.Feature> features = EnumSet.noneOf(ProceduralRoom.Feature.class);

  Furnishing(
      Footprint footprint, Ceiling ceiling, List<PlanBox> keptFree, SplittableRandom random) {
    this.footprint = footprint;
    this.ceiling = ceiling;
    this.random = random;
    this.taken = new ArrayList<>(keptFree);
  }

  /** Structures first, then furniture, then what hangs. */
  void furnish() {
    structures();
    double floor = footprint.area();
    double filled = 0;
    int wanted = random.nextInt(MIN_PIECES, MAX_PIECES + 1);
    for (int i = 0; i < wanted && filled < MAX_FILL * floor; i++) {
      boolean atWall = random.nextDouble() < 0.5;
      List<Consumer<Assembly>> choice = atWall ? AT_WALLS : ANYWHERE;
      PlanBox piece = place(choice.get(random.nextInt(choice.size())), atWall);
      filled += piece == null ? 0 : piece.area();
    }
    for (int i = random.nextInt(8); i > 0; i--) {
      hangOnWall();
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      hangFromCeiling();
    }
  }

  List<SceneObject> solids() {
    return solids;
  }

  /** What stands on the floor. */
  List<PlanBox> pieces() {
    return pieces;
  }

  Set<ProceduralRoom.Feature> features() {
    return features;
  }

  private void structures() {
    if (random.nextDouble() < 0.25 && place(Structures::stairs, true) != null) {
      features.add(ProceduralRoom.Feature.STAIRS);
    }
    if (random.nextDouble() < 0.2) {
      PlanBox platform = place(Structures::platform, true);
      if (platform != null) {
        features.add(ProceduralRoom.Feature.PLATFORM);
        platforms.add(platform);
      }
    }
    if (random.nextDouble() < 0.2) {
      columns();
    }
    if (random.nextDouble() < 0.25) {
      beams();
    }
  }

  private void columns() {
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      double[] p = footprint.point(random);
      // Up into the ceiling, wherever that is: the part above it is out of sight.
      List<SceneObject> column = built(a -> Structures.column(a, ceiling.top() + GAP));
      PlanBox box = PlanBox.of(column).moved(placed(p[0], p[1], 0, 0));
      if (footprint.contains(box) && taken.stream().noneMatch(box::overlaps)) {
        add(column, placed(p[0], p[1], 0, random.nextDouble(Math.PI / 2)), box.grownBy(0.05));
        features.add(ProceduralRoom.Feature.COLUMN);
      }
    }
  }

  /** Beams across the room, just under the ceiling's highest plane; walls hide their ends. */
  private void beams() {
    SE3 frame = footprint.worldFromWall(0);
    double edge = random.nextDouble(0.08, 0.25);
    double pitch = random.nextDouble(0.7, 1.8);
    double[] b = footprint.bounds();
    double span = Math.hypot(b[2] - b[0], b[3] - b[1]);
    double length = footprint.length(0);
    for (double x = pitch / 2; x < length; x += pitch) {
      SE3 at = frame.times(placed(x, 0, ceiling.top() - edge / 2, 0));
      double reach = reach(frame, x, span);
      List<SceneObject> beam =
          built(a -> a.add(new Shape.Box(edge, reach, edge), 0, reach / 2, 0, a.wood(true)));
      PlanBox box = PlanBox.of(beam).moved(at);
      if (taken.stream().noneMatch(box::overlaps)) {
        add(beam, at, box);
      }
    }
    features.add(ProceduralRoom.Feature.BEAMS);
  }

  /** How far the room reaches across from a point of a wall, in metres. */
  private double reach(SE3 wall, double along, double most) {
    double step = 0.05;
    for (double y = step; y < most; y += step) {
      double[] p = wall.apply(along, y, 0);
      if (!footprint.contains(p[0], p[1])) {
        return y;
      }
    }
    return most;
  }

  private List<SceneObject> built(Consumer<Assembly> piece) {
    Assembly assembly = new Assembly(SE3.IDENTITY, random.split());
    piece.accept(assembly);
    return assembly.parts();
  }

  /** The space taken, or null if no place was found. */
  private PlanBox place(Consumer<Assembly> piece, boolean atWall) {
    List<SceneObject> parts = built(piece);
    PlanBox own = PlanBox.of(parts);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      SE3 pose = atWall ? atWall(own) : anywhere();
      PlanBox box = own.moved(pose);
      boolean isSupported = pose.tz() == 0 || isOnPlatform(box);
      if (isSupported && isVacant(box)) {
        add(parts, pose, box);
        pieces.add(box);
        return box;
      }
    }
    return null;
  }

  private SE3 atWall(PlanBox own) {
    int wall = random.nextInt(footprint.walls());
    double room = footprint.length(wall) - 2 * own.halfWidth();
    double along = own.halfWidth() - own.x() + (room > 0 ? random.nextDouble(room) : 0);
    double back = own.y() - own.halfDepth();
    double gap = GAP + (random.nextBoolean() ? 0 : random.nextDouble(0.06));
    double lift = lift();
    return footprint.worldFromWall(wall).times(placed(along, gap - back, lift, 0));
  }

  private SE3 anywhere() {
    double[] p = footprint.point(random);
    return placed(p[0], p[1], lift(), random.nextDouble(2 * Math.PI));
  }

  /** On the floor, or on a platform if there is one. */
  private double lift() {
    return platforms.isEmpty() || random.nextDouble() < 0.6 ? 0 : platforms.get(0).top();
  }

  private boolean isOnPlatform(PlanBox box) {
    PlanBox level = Structures.upperLevel(platforms.get(0));
    return Arrays.stream(box.corners()).allMatch(c -> level.covers(c[0], c[1]));
  }

  private boolean isVacant(PlanBox box) {
    return footprint.contains(box)
        && ceiling.height(box) > box.top() + GAP
        && taken.stream().noneMatch(box.grownBy(GAP)::overlaps);
  }

  private void add(List<SceneObject> parts, SE3 pose, PlanBox box) {
    parts.forEach(part -> solids.add(part.moved(pose)));
    taken.add(box);
  }

  private void hangOnWall() {
    List<SceneObject> parts = built(Fixtures::onWall);
    PlanBox own = PlanBox.of(parts);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int wall = random.nextInt(footprint.walls());
      double z = random.nextDouble(0.9, 2.1);
      double room = footprint.length(wall) - 2 * own.halfWidth();
      if (room < GAP) {
        continue;
      }
      double along = own.halfWidth() + random.nextDouble(room);
      // Half a millimetre off the wall: faces must not coincide, and no ray comes between.
      double away = 0.0005 - (own.y() - own.halfDepth());
      SE3 pose = footprint.worldFromWall(wall).times(placed(along, away, z, 0));
      PlanBox box = own.moved(pose);
      if (box.bottom() > 0 && isVacant(box)) {
        add(parts, pose, box);
        return;
      }
    }
  }

  private void hangFromCeiling() {
    double[] p = footprint.point(random);
    double height = ceiling.height(p[0], p[1]);
    List<SceneObject> parts = built(a -> Fixtures.onCeiling(a, height - 1.6));
    SE3 pose = placed(p[0], p[1], height, random.nextDouble(Math.PI));
    PlanBox box = PlanBox.of(parts).moved(pose);
    if (height > 2.1 && footprint.contains(box) && taken.stream().noneMatch(box::overlaps)) {
      add(parts, pose, box);
      features.add(ProceduralRoom.Feature.HANGING);
    }
  }
}
