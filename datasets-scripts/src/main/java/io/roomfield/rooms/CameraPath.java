package io.roomfield.rooms;

import io.roomfield.geometry.SE3;
import java.util.SplittableRandom;

/**
 * A hand-held walk around the middle of a room, looking across it at the furniture: a closed cubic
 * B-spline of the eye and one of the point looked at, both twice differentiable, and a tremor of
 * the hand. Exact, repeats after {@link #periodSeconds}.
 */
public final class CameraPath {
  /** Nowhere does the camera come nearer to a surface than this, in metres. */
  public static final double MIN_CLEARANCE = 0.5;

  /** Nowhere is it faster than this, tremor included: metres and radians a second. */
  public static final double MAX_SPEED = 0.4;

  public static final double MAX_TURN_RATE = Math.toRadians(20);

  private static final int CONTROL_POINTS = 10;
  private static final int ATTEMPTS = 100;

  /** Every failed attempt walks a little nearer to the middle. */
  private static final double SHRINK = 0.98;

  /** Points at which a candidate path is looked over. */
  private static final int CHECKS = 1000;

  /** The eye's loop, as a share of the room's extent, and its height in metres. */
  private static final double LOOP = 0.29;

  private static final double EYE_HEIGHT = 1.45;
  private static final double EYE_JITTER = 0.12;

  /** What is looked at lies so far beyond the middle, and so high, in metres. */
  private static final double GAZE_BEYOND = 0.45;

  private static final double GAZE_HEIGHT = 0.95;
  private static final double GAZE_JITTER = 0.25;

  /** The tremor: amplitudes in metres and radians, angular frequencies of its two waves. */
  private static final double TREMOR_METRES = 0.0015;

  private static final double TREMOR_RADIANS = 0.0015;
  private static final double[] TREMOR_FREQUENCIES = {5.1, 8.3};

  /** Left for the tremor by the walk. */
  private static final double TREMOR_SPEED =
      2 * TREMOR_METRES * (TREMOR_FREQUENCIES[0] + TREMOR_FREQUENCIES[1]);

  private static final double TREMOR_TURN_RATE =
      2 * TREMOR_RADIANS * (TREMOR_FREQUENCIES[0] + TREMOR_FREQUENCIES[1]);

  private final double[][] eyes;
  private final double[][] gazes;
  private final double[] tremorPhases;
  private final double periodSeconds;

  private CameraPath(double[][] eyes, double[][] gazes, double[] tremorPhases) {
    this.eyes = eyes;
    this.gazes = gazes;
    this.tremorPhases = tremorPhases;
    this.periodSeconds = fastestPeriod();
  }

  /**
   * A walk inside the room that keeps its distance.
   *
   * @throws IllegalStateException if the room leaves no way
   */
  public static CameraPath through(FurnishedRoom room, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] phases = random.doubles(12, 0, 2 * Math.PI).toArray();
    double start = random.nextDouble(2 * Math.PI);
    double scale = LOOP;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double[][] eyes = new double[CONTROL_POINTS][];
      double[][] gazes = new double[CONTROL_POINTS][];
      for (int i = 0; i < CONTROL_POINTS; i++) {
        double angle = start + 2 * Math.PI * i / CONTROL_POINTS;
        eyes[i] =
            jittered(
                random,
                EYE_JITTER,
                scale * room.width() * Math.cos(angle),
                scale * room.length() * Math.sin(angle),
                EYE_HEIGHT);
        gazes[i] =
            jittered(
                random,
                GAZE_JITTER,
                -GAZE_BEYOND * Math.cos(angle),
                -GAZE_BEYOND * Math.sin(angle),
                GAZE_HEIGHT);
      }
      CameraPath path = new CameraPath(eyes, gazes, phases);
      if (path.clearance(room.scene()) >= MIN_CLEARANCE) {
        return path;
      }
      scale *= SHRINK;
    }
    throw new IllegalStateException(
        "camera path: no loop out of %d keeps %s m from every surface (expected: a room with free space)"
            .formatted(ATTEMPTS, MIN_CLEARANCE));
  }

  private static double[] jittered(
      SplittableRandom random, double jitter, double x, double y, double z) {
    return new double[] {
      x + random.nextDouble(-jitter, jitter),
      y + random.nextDouble(-jitter, jitter),
      z + random.nextDouble(-jitter, jitter)
    };
  }

  /** Time of one round in seconds. */
  public double periodSeconds() {
    return periodSeconds;
  }

  /** Exact pose at a time, in seconds from the start. */
  public SE3 worldFromCamera(double seconds) {
    SE3 steady = steady(seconds / periodSeconds);
    double[] m = new double[6];
    for (int k = 0; k < 6; k++) {
      double amplitude = k < 3 ? TREMOR_METRES : TREMOR_RADIANS;
      for (int wave = 0; wave < 2; wave++) {
        double phase = tremorPhases[2 * k + wave];
        m[k] += amplitude * Math.sin(TREMOR_FREQUENCIES[wave] * seconds + phase);
      }
    }
    return steady.times(SE3.fromRotationVector(m[3], m[4], m[5], m[0], m[1], m[2]));
  }

  /** Least distance of the eye to a surface in metres, less the tremor's reach. */
  private double clearance(SignedDistanceScene scene) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < CHECKS; i++) {
      double[] eye = spline(eyes, i / (double) CHECKS);
      least = Math.min(least, scene.distance(eye[0], eye[1], eye[2]));
    }
    return least - 2 * Math.sqrt(3) * TREMOR_METRES;
  }

  /** The shortest period in which the walk keeps both limits, at a constant rate of the splines. */
  private double fastestPeriod() {
    double period = 0;
    SE3 before = steady(0);
    for (int i = 1; i <= CHECKS; i++) {
      SE3 after = steady(i / (double) CHECKS);
      SE3 step = before.inverse().times(after);
      double walk = step.translationNorm() * CHECKS / (MAX_SPEED - TREMOR_SPEED);
      double turn = step.rotationAngle() * CHECKS / (MAX_TURN_RATE - TREMOR_TURN_RATE);
      period = Math.max(period, Math.max(walk, turn));
      before = after;
    }
    return period;
  }

  private SE3 steady(double round) {
    return SE3.lookAt(spline(eyes, round), spline(gazes, round), new double[] {0, 0, 1});
  }

  /** Uniform closed cubic B-spline; {@code round} 1 is one round. */
  private static double[] spline(double[][] control, double round) {
    double s = (round - Math.floor(round)) * control.length;
    int segment = (int) s;
    double t = s - segment;
    double[] weights = {
      (1 - t) * (1 - t) * (1 - t) / 6,
      (3 * t * t * t - 6 * t * t + 4) / 6,
      (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6,
      t * t * t / 6
    };
    double[] point = new double[3];
    for (int k = 0; k < 4; k++) {
      double[] c = control[(segment + k) % control.length];
      for (int a = 0; a < 3; a++) {
        point[a] += weights[k] * c[a];
      }
    }
    return point;
  }
}
