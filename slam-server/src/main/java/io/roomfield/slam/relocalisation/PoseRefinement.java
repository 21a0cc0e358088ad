package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.Optional;
import org.ejml.simple.SimpleMatrix;

/**
 * Gauss-Newton on the correspondences that agree with a pose. With {@code p = R q + t} the point in
 * the frame's axes, the residuals of one are
 *
 * <pre>
 * (fx p_x / p_z + cx - u) / sigma_pixel,  (fy p_y / p_z + cy - v) / sigma_pixel,
 * (p_z - depth) / sigma_depth
 * </pre>
 *
 * the third where the frame has a depth: together the difference of two points in the sensor's own
 * noise. Each has a Huber weight.
 */
final class PoseRefinement {
  /** Farther from its pixel than this, a correspondence does not agree. */
  static final double INLIER_PIXELS = 4;

  /** Deviations between the depths beyond which a correspondence does not agree. */
  private static final double INLIER_DEPTH_DEVIATIONS = 3;

  /** Corners of ORB's upper levels are located to a few pixels, those of the lowest to one. */
  private static final double SIGMA_PIXELS = 1.5;

  /**
   * A structured-light sensor's depth deviates by 1.4e-3 / m times its square (Khoshelham and
   * Elberink, Sensors 2012); corners lie on edges, where it is worse.
   */
  private static final double SIGMA_DEPTH_PER_METRE = 2e-3;

  private static final double SIGMA_DEPTH_METRES = 5e-3;

  /** Huber's: 95 % efficient on normal noise. */
  private static final double HUBER = 1.345;

  private static final int ITERATIONS = 10;

  /** Prior information that keeps the normal matrix invertible: a deviation of a kilometre. */
  private static final double PRIOR_INFORMATION = 1e-6;

  private static final double MIN_DEPTH_METRES = 0.05;
  private static final int RESIDUALS = 3;
  private static final int UNKNOWNS = 6;

  private final PinholeCamera camera;

  PoseRefinement(PinholeCamera camera) {
    this.camera = camera;
  }

  /**
   * Refines {@code frameFromKeyframe}; which correspondences agree is judged anew at each step.
   *
   * @param minInliers with fewer, there is no pose
   */
  Optional<SE3> refine(Correspondences correspondences, SE3 frameFromKeyframe, int minInliers) {
    SE3 pose = frameFromKeyframe;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      if (inliers(correspondences, pose) < minInliers) {
        return Optional.empty();
      }
      pose = step(correspondences, pose);
    }
    return Optional.of(pose);
  }

  /** How many correspondences agree with a pose, in the image and in depth. */
  int inliers(Correspondences correspondences, SE3 frameFromKeyframe) {
    int inliers = 0;
    for (int i = 0; i < correspondences.count(); i++) {
      if (agrees(residuals(correspondences, i, frameFromKeyframe))) {
        inliers++;
      }
    }
    return inliers;
  }

  private static boolean agrees(double[] residuals) {
    return SIGMA_PIXELS * Math.hypot(residuals[0], residuals[1]) <= INLIER_PIXELS
        && Math.abs(residuals[2]) <= INLIER_DEPTH_DEVIATIONS;
  }

  private SE3 step(Correspondences correspondences, SE3 pose) {
    double[] normal = new double[UNKNOWNS * UNKNOWNS];
    double[] gradient = new double[UNKNOWNS];
    for (int i = 0; i < correspondences.count(); i++) {
      double[] residuals = residuals(correspondences, i, pose);
      if (agrees(residuals)) {
        double[][] jacobian = jacobian(correspondences, i, pose);
        for (int r = 0; r < RESIDUALS; r++) {
          accumulate(jacobian[r], residuals[r], normal, gradient);
        }
      }
    }
    SimpleMatrix prior = SimpleMatrix.identity(UNKNOWNS).scale(PRIOR_INFORMATION);
    double[] d =
        new SimpleMatrix(UNKNOWNS, UNKNOWNS, true, normal)
            .plus(prior)
            .solve(new SimpleMatrix(UNKNOWNS, 1, true, gradient))
            .negative()
            .getDDRM()
            .getData();
    return pose.perturbed(d[0], d[1], d[2], d[3], d[4], d[5]);
  }

  private static void accumulate(
      double[] row, double residual, double[] normal, double[] gradient) {
    double weight = Math.min(1, HUBER / Math.abs(residual));
    for (int a = 0; a < UNKNOWNS; a++) {
      gradient[a] += weight * row[a] * residual;
      for (int b = 0; b < UNKNOWNS; b++) {
        normal[UNKNOWNS * a + b] += weight * row[a] * row[b];
      }
    }
  }

  /** In deviations; infinite behind the camera, 0 for a depth that there is none of. */
  double[] residuals(Correspondences c, int i, SE3 pose) {
    double[] p = pose.apply(c.points()[3 * i], c.points()[3 * i + 1], c.points()[3 * i + 2]);
    if (!(p[2] >= MIN_DEPTH_METRES)) {
      double none = Double.POSITIVE_INFINITY;
      return new double[] {none, none, none};
    }
    double depth = c.depthsMetres()[i];
    return new double[] {
      (camera.fx() * p[0] / p[2] + camera.cx() - c.pixels()[2 * i]) / SIGMA_PIXELS,
      (camera.fy() * p[1] / p[2] + camera.cy() - c.pixels()[2 * i + 1]) / SIGMA_PIXELS,
      Double.isNaN(depth) ? 0 : (p[2] - depth) / sigmaDepth(c, i)
    };
  }

  /** Of the residuals, {@code [3, 6]}, by the twist of {@link SE3#perturbed}. */
  double[][] jacobian(Correspondences c, int i, SE3 pose) {
    double[] turned = pose.rotate(c.points()[3 * i], c.points()[3 * i + 1], c.points()[3 * i + 2]);
    double x = turned[0] + pose.tx();
    double y = turned[1] + pose.ty();
    double z = turned[2] + pose.tz();
    double fx = camera.fx() / z / SIGMA_PIXELS;
    double fy = camera.fy() / z / SIGMA_PIXELS;
    double depth = Double.isNaN(c.depthsMetres()[i]) ? 0 : 1 / sigmaDepth(c, i);
    return new double[][] {
      row(fx, 0, -fx * x / z, turned), row(0, fy, -fy * y / z, turned), row(0, 0, depth, turned)
    };
  }

  /** A residual's gradient by the point is (x, y, z): a twist moves the point by v + w x turned. */
  private static double[] row(double x, double y, double z, double[] turned) {
    return new double[] {
      x,
      y,
      z,
      turned[1] * z - turned[2] * y,
      turned[2] * x - turned[0] * z,
      turned[0] * y - turned[1] * x
    };
  }

  /** Of the difference between the two sensors' depths, in metres. */
  private static double sigmaDepth(Correspondences c, int i) {
    return Math.hypot(sigma(c.points()[3 * i + 2]), sigma(c.depthsMetres()[i]));
  }

  private static double sigma(double depthMetres) {
    return SIGMA_DEPTH_METRES + SIGMA_DEPTH_PER_METRE * depthMetres * depthMetres;
  }
}
