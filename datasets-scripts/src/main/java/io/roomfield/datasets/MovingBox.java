package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.Arrays;

/**
 * A chequered cube of 40 cm that flies through the world at 0.5 m/s on a straight line, drawn into
 * colour and depth wherever it is nearer than the reading, or where there is none. It does not
 * turn, has no noise, and goes through walls, which hide it then. Its frames must have true poses.
 *
 * @param worldFromBox where the cube is at {@code atNanos}; it is about its own origin
 * @param direction it moves, in world axes, length 1
 * @param atNanos a time on the frames' clock
 */
record MovingBox(PinholeCamera camera, SE3 worldFromBox, double[] direction, long atNanos)
    implements ImageDisturbance {
  static final double SPEED_METRES_PER_SECOND = 0.5;

  private static final double HALF_EDGE_METRES = 0.2;
  private static final double SQUARE_METRES = 0.08;

  /** So turned to the camera at the middle of its flight that three faces show: radians. */
  private static final SE3 TURNED = SE3.fromRotationVector(0.35, 0.5, 0, 0, 0, 0);

  /** How far it passes, as a share of the median depth: before most of what the camera sees. */
  private static final double SHARE_OF_DEPTH = 0.6;

  /** The camera must not fly into it; nearer than this few sensors read depth. */
  private static final double NEAREST_METRES = 0.8;

  /** Colours of the faces across x, y and z, light and dark squares: red, yellow, blue. */
  private static final int[][] LIGHT = {{230, 90, 80}, {240, 210, 90}, {90, 140, 230}};

  private static final int DARK_SHARE = 3;
  private static final int CHANNELS = 3;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * The cube that crosses the optical axis at a frame, to the right or to the left as that frame
   * sees it, at 0.6 of its median depth and at least 0.8 m away.
   *
   * @param worldFromCamera of the frame, true
   * @param depthMetres of the frame
   */
  static MovingBox crossing(
      PinholeCamera camera,
      SE3 worldFromCamera,
      long timestampNanos,
      float[] depthMetres,
      boolean toTheRight) {
    double distance = Math.max(NEAREST_METRES, SHARE_OF_DEPTH * medianReading(depthMetres));
    SE3 ahead = new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, distance);
    return new MovingBox(
        camera,
        worldFromCamera.times(ahead).times(TURNED),
        worldFromCamera.rotate(toTheRight ? 1 : -1, 0, 0),
        timestampNanos);
  }

  @Override
  public void apply(RgbdEntry frame, byte[] rgb, float[] depthMetres) {
    SE3 worldFromCamera = frame.worldFromCamera().orElseThrow();
    SE3 boxFromCamera = worldFromBoxAt(frame.timestampNanos()).inverse().times(worldFromCamera);
    for (int pixel = 0; pixel < depthMetres.length; pixel++) {
      double[] ray = ray(pixel, boxFromCamera);
      double depth = entry(boxFromCamera, ray);
      if (depth > 0 && (depthMetres[pixel] == 0 || depth < depthMetres[pixel])) {
        depthMetres[pixel] = (float) depth;
        paint(boxFromCamera, ray, depth, rgb, CHANNELS * pixel);
      }
    }
  }

  private SE3 worldFromBoxAt(long timestampNanos) {
    double way = SPEED_METRES_PER_SECOND * (timestampNanos - atNanos) / NANOS_PER_SECOND;
    SE3 moved =
        new SE3(
            1, 0, 0, 0, 1, 0, 0, 0, 1, way * direction[0], way * direction[1], way * direction[2]);
    return moved.times(worldFromBox);
  }

  /** A pixel's ray in the box's axes, so long that it goes one metre along the optical axis. */
  private double[] ray(int pixel, SE3 boxFromCamera) {
    int u = pixel % camera.width();
    int v = pixel / camera.width();
    return boxFromCamera.rotate(
        (u - camera.cx()) / camera.fx(), (v - camera.cy()) / camera.fy(), 1);
  }

  /**
   * Depth at which a ray enters the box (slab method: T. Kay, J. Kajiya, "Ray tracing complex
   * scenes", SIGGRAPH 1986); not positive where it misses or begins inside.
   */
  private static double entry(SE3 boxFromCamera, double[] ray) {
    double[] origin = {boxFromCamera.tx(), boxFromCamera.ty(), boxFromCamera.tz()};
    double enters = Double.NEGATIVE_INFINITY;
    double leaves = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      double a = (-HALF_EDGE_METRES - origin[axis]) / ray[axis];
      double b = (HALF_EDGE_METRES - origin[axis]) / ray[axis];
      enters = Math.max(enters, Math.min(a, b));
      leaves = Math.min(leaves, Math.max(a, b));
    }
    return enters <= leaves ? enters : -1;
  }

  private static void paint(
      SE3 boxFromCamera, double[] ray, double depth, byte[] rgb, int firstChannel) {
    double[] hit = {
      boxFromCamera.tx() + depth * ray[0],
      boxFromCamera.ty() + depth * ray[1],
      boxFromCamera.tz() + depth * ray[2]
    };
    int face = 0; // the axis along which the point is farthest out
    for (int axis = 1; axis < 3; axis++) {
      face = Math.abs(hit[axis]) > Math.abs(hit[face]) ? axis : face;
    }
    long column = (long) Math.floor(hit[(face + 1) % 3] / SQUARE_METRES);
    long row = (long) Math.floor(hit[(face + 2) % 3] / SQUARE_METRES);
    boolean dark = (column + row) % 2 == 0;
    for (int channel = 0; channel < CHANNELS; channel++) {
      rgb[firstChannel + channel] = (byte) (LIGHT[face][channel] / (dark ? DARK_SHARE : 1));
    }
  }

  /** 0 without any reading. */
  private static double medianReading(float[] depthMetres) {
    float[] sorted = depthMetres.clone();
    Arrays.sort(sorted);
    int first = 0;
    while (first < sorted.length && sorted[first] == 0) {
      first++;
    }
    return first == sorted.length ? 0 : sorted[(first + sorted.length) / 2];
  }
}
