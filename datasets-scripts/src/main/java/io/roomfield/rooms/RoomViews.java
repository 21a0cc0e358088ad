package io.roomfield.rooms;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The views of a hand-held camera that walks about a {@link ProceduralRoom}, as far apart as a SLAM
 * system's keyframes: it looks at a corner, a piece of furniture or the far end, goes near it or
 * strolls on, then at the next.
 */
public final class RoomViews {
  /** Nowhere is the camera nearer to a surface, in metres. */
  public static final double MIN_CLEARANCE = ProceduralRoom.MIN_CLEARANCE;

  /** Height over the floor in metres. */
  public static final double MIN_HEIGHT = 0.7;

  public static final double MAX_HEIGHT = 1.9;

  /** Pitch in radians, positive upwards. */
  public static final double MIN_PITCH = Math.toRadians(-40);

  public static final double MAX_PITCH = Math.toRadians(25);

  /** Roll in radians either way. */
  public static final double MAX_ROLL = Math.toRadians(5);

  private static final int START_ATTEMPTS = 2000;

  /** The first view has a little more room, so that the walk can start. */
  private static final double START_CLEARANCE = 0.4;

  /** A close-up is taken from this far. */
  private static final double CLOSE_UP = 0.6;

  /** A view of a surface nearer than this shows nothing else: look elsewhere. */
  private static final double NEAREST_GAZE = 0.5;

  private static final int GAZE_ATTEMPTS = 20;

  /** After a view, look at something else with this probability. */
  private static final double DISTRACTION = 0.2;

  /** Share of the turn that goes to roll. */
  private static final double ROLL_SHARE = 0.1;

  private static final double MIN_STEP_SHARE = 0.4;
  private static final double MAX_CLIMB_SHARE = 0.4;

  /** Where to go if the way is barred: further and further off the wanted heading, in radians. */
  private static final double[] DETOURS = {0, 0.4, -0.4, 0.9, -0.9, 1.6, -1.6, 2.3, -2.3, Math.PI};

  private final ProceduralRoom room;
  private final SplittableRandom random;
  private double[] eye;
  private double[] gazedAt;
  private boolean closeUp;
  private double heading;
  private double yaw;
  private double pitch;
  private double roll;

  private RoomViews(ProceduralRoom room, SplittableRandom random) {
    this.room = room;
    this.random = random;
    this.eye = start();
    this.heading = random.nextDouble(2 * Math.PI);
    look();
    yaw = gazeYaw();
    pitch = gazePitch();
    roll = random.nextDouble(-MAX_ROLL, MAX_ROLL);
  }

  /**
   * A walk of its own through the room; many seeds give many walks.
   *
   * @param views how many
   * @param stepMetres no two successive views are farther apart
   * @param stepRadians no two successive views are turned farther
   * @return poses, worldFromCamera
   * @throws IllegalArgumentException if there is to be no view or a step is not positive
   * @throws IllegalStateException if the room leaves a camera no place
   */
  public static List<SE3> walk(
      ProceduralRoom room, long seed, int views, double stepMetres, double stepRadians) {
    if (views <= 0) {
      throw new IllegalArgumentException("views: %d (expected: > 0)".formatted(views));
    }
    if (!(stepMetres > 0 && stepRadians > 0)) {
      throw new IllegalArgumentException(
          "steps: %s m, %s radians (expected: > 0)".formatted(stepMetres, stepRadians));
    }
    RoomViews walker = new RoomViews(room, new SplittableRandom(seed));
    List<SE3> poses = new ArrayList<>();
    poses.add(walker.pose());
    while (poses.size() < views) {
      walker.move(stepMetres);
      walker.turn(stepRadians);
      poses.add(walker.pose());
    }
    return poses;
  }

  private SE3 pose() {
    double[] ahead = {
      eye[0] + Math.cos(pitch) * Math.cos(yaw),
      eye[1] + Math.cos(pitch) * Math.sin(yaw),
      eye[2] + Math.sin(pitch)
    };
    SE3 level = SE3.lookAt(eye, ahead, new double[] {0, 0, 1});
    return level.times(SE3.fromRotationVector(0, 0, roll, 0, 0, 0));
  }

  private double[] start() {
    for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      double[] p = room.footprint().point(random);
      double[] candidate = {p[0], p[1], random.nextDouble(MIN_HEIGHT, MAX_HEIGHT)};
      if (isFree(candidate, START_CLEARANCE)) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "room: no place in %d keeps %s m from every surface (expected: a room with free space)"
            .formatted(START_ATTEMPTS, START_CLEARANCE));
  }

  private boolean isFree(double[] p, double clearance) {
    return room.footprint().contains(p[0], p[1])
        && room.scene().distanceWithin(2 * clearance, p[0], p[1], p[2]) >= clearance;
  }

  /** Finds something to look at that is not right before the lens. */
  private void look() {
    for (int attempt = 0; attempt < GAZE_ATTEMPTS; attempt++) {
      gazedAt = interest();
      double[] gaze = {gazedAt[0] - eye[0], gazedAt[1] - eye[1], gazedAt[2] - eye[2]};
      if (Math.hypot(gaze[0], gaze[1]) > CLOSE_UP
          && room.scene().trace(Ray.towards(eye, gaze), NEAREST_GAZE).object() == null) {
        return;
      }
    }
  }

  /** A corner, a piece, the far end of the longest of some lines of sight, or anything. */
  private double[] interest() {
    int choice = random.nextInt(4);
    closeUp = false;
    if (choice == 0) {
      double[] corner = room.footprint().corner(random.nextInt(room.footprint().walls()));
      return new double[] {corner[0], corner[1], random.nextDouble(room.max()[2])};
    }
    if (choice == 1 && !room.pieces().isEmpty()) {
      closeUp = random.nextBoolean();
      PlanBox piece = room.pieces().get(random.nextInt(room.pieces().size()));
      return new double[] {
        piece.x(), piece.y(), piece.bottom() + random.nextDouble() * (piece.top() - piece.bottom())
      };
    }
    double[] best = null;
    double farthest = -1;
    for (int line = 0; line < (choice == 2 ? 8 : 1); line++) {
      double[] p = room.footprint().point(random);
      double[] end = {p[0], p[1], random.nextDouble(0.2, 2)};
      double away = Math.hypot(end[0] - eye[0], end[1] - eye[1]);
      if (away > farthest) {
        farthest = away;
        best = end;
      }
    }
    return best;
  }

  private double gazeYaw() {
    return Math.atan2(gazedAt[1] - eye[1], gazedAt[0] - eye[0]);
  }

  private double gazePitch() {
    double level = Math.hypot(gazedAt[0] - eye[0], gazedAt[1] - eye[1]);
    return Math.clamp(Math.atan2(gazedAt[2] - eye[2], level), MIN_PITCH, MAX_PITCH);
  }

  private void move(double stepMetres) {
    double away = Math.hypot(gazedAt[0] - eye[0], gazedAt[1] - eye[1]);
    heading += random.nextDouble(-0.5, 0.5);
    if (closeUp) {
      heading = away > CLOSE_UP ? gazeYaw() : gazeYaw() + Math.PI / 2;
    }
    double step = stepMetres * random.nextDouble(MIN_STEP_SHARE, 1);
    double climb = step * random.nextDouble(-MAX_CLIMB_SHARE, MAX_CLIMB_SHARE);
    double level = Math.sqrt(step * step - climb * climb);
    for (double detour : DETOURS) {
      double to = heading + detour;
      double[] next = {
        eye[0] + level * Math.cos(to),
        eye[1] + level * Math.sin(to),
        Math.clamp(eye[2] + climb, MIN_HEIGHT, MAX_HEIGHT)
      };
      double[] between = {(eye[0] + next[0]) / 2, (eye[1] + next[1]) / 2, (eye[2] + next[2]) / 2};
      if (isFree(next, MIN_CLEARANCE) && isFree(between, MIN_CLEARANCE)) {
        eye = next;
        heading = to;
        return;
      }
    }
  }

  private void turn(double stepRadians) {
    double dYaw = Math.IEEEremainder(gazeYaw() - yaw, 2 * Math.PI);
    double dPitch = gazePitch() - pitch;
    double wanted = Math.abs(dYaw) + Math.abs(dPitch);
    double most = (1 - ROLL_SHARE) * stepRadians;
    double share = wanted > most ? most / wanted : 1;
    yaw += share * dYaw;
    pitch += share * dPitch;
    double dRoll = ROLL_SHARE * stepRadians * random.nextDouble(-1, 1);
    roll = Math.clamp(roll + dRoll, -MAX_ROLL, MAX_ROLL);
    boolean arrived = share == 1;
    if ((arrived && !closeUp) || random.nextDouble() < DISTRACTION) {
      look();
    }
  }
}
