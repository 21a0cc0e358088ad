package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.fusion.FusedDepthRayCaster;
import java.util.stream.DoubleStream;

/**
 * Seen surface as far as it is visible from an eye, all around: fused depth, cast onto the faces of
 * a cube.
 *
 * @param directions {@code [surfaces, 3]} unit, axes of the eye
 * @param range metres from the eye to each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SeenPanorama(double[] directions, double[] range) {
  /** A face, with twice as many pixels an angle as a {@link LookAround} has. */
  private static final PinholeCamera FACE = new PinholeCamera(64, 64, 32, 32, 31.5, 31.5);

  /** The faces: rotations by so many quarters of a turn about x and y. */
  private static final int[][] FACES = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 0}, {-1, 0}};

  private static final double QUARTER = Math.PI / 2;

  static SeenPanorama of(FusedDepthRayCaster seen, SE3 worldFromEye) {
    DoubleStream.Builder directions = DoubleStream.builder();
    DoubleStream.Builder range = DoubleStream.builder();
    for (int[] turns : FACES) {
      SE3 eyeFromFace = SE3.fromRotationVector(turns[0] * QUARTER, turns[1] * QUARTER, 0, 0, 0, 0);
      float[] depth = seen.cast(FACE, worldFromEye.times(eyeFromFace)).depthMetres();
      for (int pixel = 0; pixel < depth.length; pixel++) {
        if (depth[pixel] > 0) {
          double x = (pixel % FACE.width() - FACE.cx()) / FACE.fx();
          int row = pixel / FACE.width();
          double y = (row - FACE.cy()) / FACE.fy();
          double length = Math.sqrt(1 + x * x + y * y);
          for (double d : eyeFromFace.rotate(x / length, y / length, 1 / length)) {
            directions.add(d);
          }
          range.add(depth[pixel] * length);
        }
      }
    }
    return new SeenPanorama(directions.build().toArray(), range.build().toArray());
  }

  /**
   * Depth in metres of the ray {@code (x, y, 1)} of the eye if it ends as far away as the surface
   * nearest to it in angle; infinite where nothing is visible.
   */
  double nearestDepth(double x, double y) {
    double best = Double.NEGATIVE_INFINITY;
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < range.length; i++) {
      double dot = directions[3 * i] * x + directions[3 * i + 1] * y + directions[3 * i + 2];
      if (dot > best) {
        best = dot;
        nearest = range[i];
      }
    }
    return nearest / Math.sqrt(1 + x * x + y * y);
  }
}
