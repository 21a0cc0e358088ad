package io.roomfield.slam.alignment;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.simple.SimpleMatrix;

/**
 * Which directions of a pose the surfaces in view fix. Along the others the geometric terms hold
 * noise only, and are taken out of the normal equations, so that colour, or the motion model where
 * there is no texture either, decides (solution remapping: Zhang, Kaess and Singh, <em>On
 * Degeneracy of Optimization-based State Estimation Problems</em>, ICRA 2016).
 */
final class GeometryDirections {
  /**
   * A direction is open where the mean squared cosine between it and the surfaces' normals is below
   * this (for turns: between it and the turn's effect). Pairs of recorded frames, ten apart, stay
   * above 0.003, and those of a rendered room without noise above 0.0006; there a higher bound
   * (0.002) let the camera drift by centimetres. A wall under a Kinect's noise reaches 0.001 at 1 m
   * and more farther away, so that a noisy wall may pass for one that fixes everything: its
   * covariance is then too small.
   */
  static final double OPEN = 5e-4;

  private static final int TRANSLATION = 3;

  /** Projects twists on what is fixed. */
  private final SimpleMatrix fixed;

  private final int open;

  private GeometryDirections(SimpleMatrix fixed, int open) {
    this.fixed = fixed;
    this.open = open;
  }

  /**
   * @param matrix {@code sum w J J^T [6, 6]} with unit normals as the translation's derivatives
   * @param weights {@code sum w}
   */
  static GeometryDirections of(SimpleMatrix matrix, double weights) {
    if (!(weights > 0)) {
      return new GeometryDirections(new SimpleMatrix(6, 6), 6);
    }
    // A turn by 1 / arm moves surfaces as much as a shift by 1.
    SimpleMatrix turns = matrix.extractMatrix(TRANSLATION, 6, TRANSLATION, 6);
    double arm = Math.sqrt(turns.trace() / weights);
    SimpleMatrix scale = SimpleMatrix.diag(1, 1, 1, 1 / arm, 1 / arm, 1 / arm);
    SimpleMatrix scaled = scale.mult(matrix).mult(scale).divide(weights);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(6, true, true);
    if (!eigen.decompose(scaled.getDDRM().copy())) {
      return new GeometryDirections(new SimpleMatrix(6, 6), 6);
    }
    SimpleMatrix projection = new SimpleMatrix(6, 6);
    int open = 6;
    for (int i = 0; i < 6; i++) {
      if (eigen.getEigenvalue(i).getReal() >= OPEN) {
        open--;
        SimpleMatrix v = SimpleMatrix.wrap(eigen.getEigenVector(i));
        projection = projection.plus(v.mult(v.transpose()));
      }
    }
    // From scaled twists back to twists: H = S^-1 P (S H S) P S^-1.
    SimpleMatrix unscale = SimpleMatrix.diag(1, 1, 1, arm, arm, arm);
    return new GeometryDirections(unscale.mult(projection).mult(scale), open);
  }

  /** How many of the six directions are open. */
  int open() {
    return open;
  }

  /** The normal matrix without the open directions. */
  SimpleMatrix matrix(SimpleMatrix h) {
    return fixed.mult(h).mult(fixed.transpose());
  }

  /** The gradient without them. */
  SimpleMatrix gradient(SimpleMatrix b) {
    return fixed.mult(b);
  }
}
