package io.roomfield.slam.alignment;

import org.ejml.simple.SimpleMatrix;

/**
 * A reference's photometric normal equations in world axes, its exposure eliminated (Schur
 * complement).
 *
 * @param exposure {@code H_ee^-1 [2, 2]}
 * @param cross {@code H_pe [6, 2]}
 * @param exposureGradient {@code b_e [2]}
 * @param reduced {@code H_pp - H_pe H_ee^-1 H_ep [6, 6]}
 * @param reducedGradient {@code b_p - H_pe H_ee^-1 b_e [6]}
 */
record ColourTerms(
    SimpleMatrix exposure,
    SimpleMatrix cross,
    SimpleMatrix exposureGradient,
    SimpleMatrix reduced,
    SimpleMatrix reducedGradient) {
  private static final int POSE = ViewResiduals.POSE;
  private static final int ALL = ViewResiduals.POSE_AND_EXPOSURE;

  /** Prior deviation of gain and offset, which keeps them where an image has no contrast. */
  private static final double PRIOR_SIGMA = 0.3;

  /**
   * @param turn takes twists in the reference's axes into the world's, {@code [6, 6]}
   */
  static ColourTerms of(NormalEquations colour, SimpleMatrix turn) {
    SimpleMatrix h = colour.matrix();
    SimpleMatrix b = colour.gradient();
    SimpleMatrix prior = SimpleMatrix.identity(ALL - POSE).scale(1 / (PRIOR_SIGMA * PRIOR_SIGMA));
    SimpleMatrix exposure = h.extractMatrix(POSE, ALL, POSE, ALL).plus(prior).invert();
    SimpleMatrix cross = turn.mult(h.extractMatrix(0, POSE, POSE, ALL));
    SimpleMatrix exposureGradient = b.extractMatrix(POSE, ALL, 0, 1);
    SimpleMatrix eliminate = cross.mult(exposure);
    SimpleMatrix pose = turn.mult(h.extractMatrix(0, POSE, 0, POSE)).mult(turn.transpose());
    SimpleMatrix gradient = turn.mult(b.extractMatrix(0, POSE, 0, 1));
    return new ColourTerms(
        exposure,
        cross,
        exposureGradient,
        pose.minus(eliminate.mult(cross.transpose())),
        gradient.minus(eliminate.mult(exposureGradient)));
  }

  /** The exposure that goes with a step of the pose: {@code -H_ee^-1 (b_e + H_ep twist)} on. */
  Exposure follow(Exposure from, double[] twist) {
    SimpleMatrix step =
        exposure
            .mult(exposureGradient.plus(cross.transpose().mult(new SimpleMatrix(twist))))
            .negative();
    return new Exposure(from.gain() + step.get(0), from.offset() + step.get(1));
  }
}
