package io.roomfield.rooms;

import io.roomfield.rooms.Lighting.Lamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A room that nobody has seen before: outline, ceiling, openings, furniture and clutter all follow
 * from a seed, and vary far more than those of {@link FurnishedRoom}. World z is up, the floor is z
 * = 0, the origin lies near the middle of the outline. Immutable, for any number of threads.
 */
public final class ProceduralRoom {
  /** Each as often as it is named. */
  private static final List<Footprint.Kind> OUTLINES =
      List.of(
          Footprint.Kind.RECTANGLE,
          Footprint.Kind.RECTANGLE,
          Footprint.Kind.L_SHAPE,
          Footprint.Kind.ALCOVE,
          Footprint.Kind.APSE,
          Footprint.Kind.SKEWED);

  private static final List<Ceiling.Kind> CEILINGS =
      List.of(
          Ceiling.Kind.FLAT,
          Ceiling.Kind.FLAT,
          Ceiling.Kind.FLAT,
          Ceiling.Kind.SLANTED,
          Ceiling.Kind.GABLE);

  /** A camera needs this much room about it, in metres, at this height. */
  static final double MIN_CLEARANCE = 0.3;

  private static final double EYE_HEIGHT = 1.3;

  /** Share of the floor's area over which a camera must have room, and how that is estimated. */
  private static final double MIN_WALKABLE = 0.12;

  private static final int SAMPLES = 200;
  private static final double LAMP_BELOW_CEILING = 0.3;

  /** What a room may have. */
  public enum Feature {
    L_SHAPE,
    ALCOVE,
    ROUND_WALL,
    SKEWED_WALLS,
    SLANTED_CEILING,
    DOORWAY,
    STAIRS,
    PLATFORM,
    COLUMN,
    BEAMS,
    HANGING
  }

  private final SignedDistanceScene scene;
  private final Lighting lighting;
  private final Footprint footprint;
  private final Ceiling ceiling;
  private final List<PlanBox> pieces;
  private final Set<Feature> features;

  private ProceduralRoom(
      Footprint footprint,
      Ceiling ceiling,
      SignedDistanceScene scene,
      List<PlanBox> pieces,
      Set<Feature> features) {
    this.footprint = footprint;
    this.ceiling = ceiling;
    this.scene = scene;
    this.pieces = List.copyOf(pieces);
    this.features = Collections.unmodifiableSet(features);
    this.lighting = new Lighting(lamps());
  }

  /** Builds the room of a seed; see {@link RoomSplit} for seeds. */
  public static ProceduralRoom create(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    while (true) {
      ProceduralRoom room = draw(random.split());
      if (room.isWalkable(random)) {
        return room;
      }
    }
  }

  private static ProceduralRoom draw(SplittableRandom random) {
    Footprint.Kind outline = OUTLINES.get(random.nextInt(OUTLINES.size()));
    Ceiling.Kind cover = CEILINGS.get(random.nextInt(CEILINGS.size()));
    Footprint footprint = Footprint.create(outline, random);
    Ceiling ceiling = Ceiling.create(cover, footprint, random);
    Envelope envelope = Envelope.create(footprint, ceiling, random.split());
    Furnishing furnishing = new Furnishing(footprint, ceiling, envelope.keptFree(), random.split());
    furnishing.furnish();
    Set<Feature> features = EnumSet.copyOf(furnishing.features());
    switch (outline) {
      case RECTANGLE -> {}
      case L_SHAPE -> features.add(Feature.L_SHAPE);
      case ALCOVE -> features.add(Feature.ALCOVE);
      case APSE -> features.add(Feature.ROUND_WALL);
      case SKEWED -> features.add(Feature.SKEWED_WALLS);
    }
    if (cover != Ceiling.Kind.FLAT) {
      features.add(Feature.SLANTED_CEILING);
    }
    if (envelope.doorways() > 0) {
      features.add(Feature.DOORWAY);
    }
    List<SceneObject> objects = new ArrayList<>(envelope.solids());
    objects.addAll(furnishing.solids());
    SignedDistanceScene scene = new SignedDistanceScene(objects);
    return new ProceduralRoom(footprint, ceiling, scene, furnishing.pieces(), features);
  }

  private List<Lamp> lamps() {
    double[] b = footprint.bounds();
    List<Lamp> lamps = new ArrayList<>();
    for (double share : new double[] {0.3, 0.7}) {
      double x = b[0] + share * (b[2] - b[0]);
      double y = b[1] + share * (b[3] - b[1]);
      lamps.add(new Lamp(x, y, ceiling.height(x, y) - LAMP_BELOW_CEILING, 0.45));
    }
    return lamps;
  }

  private boolean isWalkable(SplittableRandom random) {
    int walkable = 0;
    for (int i = 0; i < SAMPLES; i++) {
      double[] p = footprint.point(random);
      walkable += scene.distanceWithin(1, p[0], p[1], EYE_HEIGHT) > MIN_CLEARANCE ? 1 : 0;
    }
    return walkable >= MIN_WALKABLE * SAMPLES;
  }

  /** Its surface; distances are positive in free space and negative in solids. */
  public SignedDistanceScene scene() {
    return scene;
  }

  /** Its light. */
  public Lighting lighting() {
    return lighting;
  }

  /** Least coordinates {@code {x, y, z}} of the room's inside in world metres. */
  public double[] min() {
    double[] b = footprint.bounds();
    return new double[] {b[0], b[1], 0};
  }

  /** Largest coordinates {@code {x, y, z}} of the room's inside in world metres. */
  public double[] max() {
    double[] b = footprint.bounds();
    return new double[] {b[2], b[3], ceiling.top()};
  }

  /** What makes it differ from a plain box of a room. */
  public Set<Feature> features() {
    return features;
  }

  Footprint footprint() {
    return footprint;
  }

  /** The furniture on the floor. */
  List<PlanBox> pieces() {
    return pieces;
  }
}
