package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A pose from correspondences of which many are wrong: three points each draw (Ke and Roumeliotis,
 * CVPR 2017), the draw that most pixels agree with wins (RANSAC). OpenCV seeds the draws anew in
 * every call with a constant of its own, so that the same correspondences give the same pose.
 */
final class PerspectiveNPoint {
  /** With half of the matches wrong, 300 draws of 4 all miss with a chance below 1e-8. */
  private static final int DRAWS = 300;

  private static final double CONFIDENCE = 0.9999;

  /** A point and the one that checks which of up to four poses is meant. */
  private static final int MIN_CORRESPONDENCES = 4;

  private final PinholeCamera camera;

  PerspectiveNPoint(PinholeCamera camera) {
    this.camera = camera;
  }

  /** {@code cameraFrameFromCameraKeyframe}, where a draw finds one. */
  Optional<SE3> solve(Correspondences correspondences) {
    int count = correspondences.count();
    if (count < MIN_CORRESPONDENCES) {
      return Optional.empty();
    }
    try (PointerScope _ = new PointerScope()) {
      Mat rotation = new Mat();
      Mat translation = new Mat();
      boolean found =
          opencv_calib3d.solvePnPRansac(
              matrix(count, 3, correspondences.points()),
              matrix(count, 2, correspondences.pixels()),
              matrix(3, 3, camera.fx(), 0, camera.cx(), 0, camera.fy(), camera.cy(), 0, 0, 1),
              new Mat(),
              rotation,
              translation,
              false,
              DRAWS,
              (float) PoseRefinement.INLIER_PIXELS,
              CONFIDENCE,
              new Mat(),
              opencv_calib3d.SOLVEPNP_AP3P);
      return found ? pose(vector(rotation), vector(translation)) : Optional.empty();
    }
  }

  private static Mat matrix(int rows, int columns, double... values) {
    return new Mat(rows, columns, opencv_core.CV_64FC1, new DoublePointer(values));
  }

  private static double[] vector(Mat matrix) {
    double[] values = new double[3];
    new DoublePointer(matrix.data()).get(values);
    return values;
  }

  private static Optional<SE3> pose(double[] w, double[] t) {
    double sum = Arrays.stream(w).sum() + Arrays.stream(t).sum();
    return Double.isFinite(sum)
        ? Optional.of(SE3.fromRotationVector(w[0], w[1], w[2], t[0], t[1], t[2]))
        : Optional.empty();
  }
}
