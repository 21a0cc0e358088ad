package io.roomfield.slam.alignment;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Planes under a pattern, seen without noise: a ray and a plane meet exactly.
 *
 * @param planes each {@code {nx, ny, nz, d}} of {@code n x = d}, {@code n} of length 1
 * @param intensity in 0..1 of a point in the world
 */
record PlaneScene(List<double[]> planes, ToDoubleFunction<double[]> intensity) {
  /** A quarter of a Kinect's pixels; its pyramid has levels of 160x120, 80x60 and 40x30. */
  static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 262, 262, 159.5, 119.5);

  /** A smooth pattern of waves half a metre and longer. */
  static final ToDoubleFunction<double[]> WAVES =
      p ->
          0.5
              + 0.15 * Math.sin(9 * p[0] + 4 * p[2])
              + 0.15 * Math.sin(8 * p[1] - 5 * p[0] + 1)
              + 0.15 * Math.sin(7 * p[2] + 6 * p[1] + 2);

  /** Nothing that colour could hold on to. */
  static final ToDoubleFunction<double[]> PLAIN = p -> 0.5;

  /** Looks into the corner of {@link #corner} from 2.3 m. */
  static final SE3 AT_CORNER =
      SE3.lookAt(new double[3], new double[] {1.5, 1, 1.5}, new double[] {0, -1, 0});

  /** Three walls at right angles under the waves. */
  static PlaneScene corner() {
    return new PlaneScene(
        List.of(plane(1, 0, 0, 1.5), plane(0, 1, 0, 1), plane(0, 0, 1, 1.5)), WAVES);
  }

  /** One wall across the line of sight. */
  static PlaneScene wall(double metres, ToDoubleFunction<double[]> intensity) {
    return new PlaneScene(List.of(plane(0, 0, 1, metres)), intensity);
  }

  private static double[] plane(double x, double y, double z, double metres) {
    return new double[] {x, y, z, metres};
  }

  FramePyramid pyramid(SE3 worldFromCamera) {
    return FramePyramid.of(CAMERA, depth(worldFromCamera), rgb(worldFromCamera, 0));
  }

  /** {@code [height, width]} metres. */
  float[] depth(SE3 worldFromCamera) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = (float) depth(worldFromCamera, i);
    }
    return depth;
  }

  /**
   * Grey, {@code [height, width, 3]}.
   *
   * @param brighter added to every intensity
   */
  byte[] rgb(SE3 worldFromCamera, double brighter) {
    byte[] rgb = new byte[3 * CAMERA.width() * CAMERA.height()];
    for (int i = 0; i < rgb.length; i++) {
      double z = depth(worldFromCamera, i / 3);
      double[] p = worldFromCamera.apply(slopeX(i / 3) * z, slopeY(i / 3) * z, z);
      rgb[i] = (byte) Math.round(255 * Math.clamp(intensity.applyAsDouble(p) + brighter, 0, 1));
    }
    return rgb;
  }

  private static double slopeX(int pixel) {
    int column = pixel % CAMERA.width();
    return (column - CAMERA.cx()) / CAMERA.fx();
  }

  private static double slopeY(int pixel) {
    int row = pixel / CAMERA.width();
    return (row - CAMERA.cy()) / CAMERA.fy();
  }

  private double depth(SE3 pose, int pixel) {
    double[] ray = pose.rotate(slopeX(pixel), slopeY(pixel), 1);
    double nearest = Double.POSITIVE_INFINITY;
    for (double[] n : planes) {
      double z =
          (n[3] - n[0] * pose.tx() - n[1] * pose.ty() - n[2] * pose.tz())
              / (n[0] * ray[0] + n[1] * ray[1] + n[2] * ray[2]);
      nearest = z > 0 ? Math.min(nearest, z) : nearest;
    }
    return nearest < Double.POSITIVE_INFINITY ? nearest : 0;
  }
}
