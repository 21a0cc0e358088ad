package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;
import java.util.Locale;
import org.ejml.data.DMatrix6;
import org.ejml.data.DMatrix6x6;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.fixed.CommonOps_DDF6;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * A measured relative pose of two keyframes.
 *
 * @param from keyframe id
 * @param to keyframe id
 * @param fromFromTo takes points from the camera {@code to} into the camera {@code from}
 * @param information {@code [6, 6]} row-major, inverse covariance of the residual that {@link
 *     PoseResidual} defines: translation (1/m^2) before rotation (1/rad^2), both in the axes of the
 *     camera {@code to}
 */
public record PoseEdge(int from, int to, SE3 fromFromTo, double[] information, Kind kind) {
  /** Where a measurement comes from. */
  public enum Kind {
    /** Consecutive keyframes; trusted. */
    ODOMETRY,
    /** The camera came back to where it was; may be wrong. */
    LOOP;

    boolean mayBeWrong() {
      return this != ODOMETRY;
    }
  }

  /** Numbers of a residual. */
  public static final int DIMENSIONS = 6;

  /** Largest asymmetry accepted, beside the largest entry: rounding of a matrix product. */
  private static final double ASYMMETRY = 1e-9;

  /**
   * @throws IllegalArgumentException if the keyframes are one and the same, or the information is
   *     not symmetric and positive definite
   */
  public PoseEdge {
    if (from == to) {
      throw new IllegalArgumentException(
          "%s edge %d -> %d (expected: two different keyframes)".formatted(name(kind), from, to));
    }
    if (information.length != DIMENSIONS * DIMENSIONS) {
      throw new IllegalArgumentException(
          "information of %s edge %d -> %d: %d numbers (expected: %d)"
              .formatted(name(kind), from, to, information.length, DIMENSIONS * DIMENSIONS));
    }
    information = information.clone();
    DMatrixRMaj matrix = DMatrixRMaj.wrap(DIMENSIONS, DIMENSIONS, information);
    double tolerance = ASYMMETRY * CommonOps_DDRM.elementMaxAbs(matrix);
    if (MatrixFeatures_DDRM.hasUncountable(matrix)
        || !MatrixFeatures_DDRM.isSymmetric(matrix, tolerance)
        || !DecompositionFactory_DDRM.chol(DIMENSIONS, true).decompose(matrix.copy())) {
      throw new IllegalArgumentException(
          "information of %s edge %d -> %d (expected: finite, symmetric and positive definite)"
              .formatted(name(kind), from, to));
    }
  }

  /**
   * The information of errors that are independent of each other.
   *
   * @param sigmaMetres standard deviation of each axis of the translation, > 0
   * @param sigmaRadians standard deviation of each axis of the rotation, > 0
   */
  public static double[] isotropic(double sigmaMetres, double sigmaRadians) {
    double[] information = new double[DIMENSIONS * DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      double sigma = i < DIMENSIONS / 2 ? sigmaMetres : sigmaRadians;
      information[i * (DIMENSIONS + 1)] = 1 / (sigma * sigma);
    }
    return information;
  }

  /**
   * How far two poses are from the measurement, in units of its noise: {@code r^T information r},
   * {@code r} as in {@link PoseResidual}.
   */
  public double chi2(SE3 worldFromFrom, SE3 worldFromTo) {
    PoseResidual terms = new PoseResidual();
    terms.evaluate(fromFromTo, worldFromFrom, worldFromTo);
    DMatrix6x6 weights = new DMatrix6x6();
    weights.setTo(DMatrixRMaj.wrap(DIMENSIONS, DIMENSIONS, information));
    DMatrix6 weighted = new DMatrix6();
    CommonOps_DDF6.mult(weights, terms.residual, weighted);
    return CommonOps_DDF6.dot(terms.residual, weighted);
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
