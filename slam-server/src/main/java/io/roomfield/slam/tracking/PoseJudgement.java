package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.alignment.Alignment;
import org.ejml.simple.SimpleMatrix;

/**
 * How far a tracked pose can be relied on. The thresholds were chosen on disturbed recordings:
 * docs/accuracy.md.
 *
 * @param status the verdict
 * @param reason in words, why it is not TRACKING; otherwise empty
 * @param covariance {@code [6, 6]} of (translation in metres, rotation in radians), row by row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
record PoseJudgement(TrackingStatus status, String reason, double[] covariance) {
  /** Below these shares of pixels that the map explains a frame is lost, or uncertain. */
  private static final double LOST_INLIER_SHARE = 0.2;

  private static final double UNCERTAIN_INLIER_SHARE = 0.5;

  /** Below these shares of what keyframes have seen too that is where they have seen it. */
  private static final double LOST_AGREEMENT = 0.7;

  private static final double UNCERTAIN_AGREEMENT = 0.8;

  /** Above this mean robust cost the colours are not those that keyframes have seen. */
  private static final double UNCERTAIN_COLOUR_COST = 2;

  /** Below these shares of readings that keyframes have seen too. */
  private static final double LOST_OVERLAP = 0.2;

  static final double UNCERTAIN_OVERLAP = 0.4;

  /** A pose this far from where motion led to expect it may belong to a look-alike. */
  private static final double UNCERTAIN_JUMP_METRES = 0.05;

  private static final double UNCERTAIN_JUMP_DEGREES = 3;

  /** Above this deviation a direction is left open, metres. */
  private static final double UNCERTAIN_STDDEV_METRES = 0.05;

  /** The same by keyframes, whose motion prior is no better than 5 cm. */
  private static final double UNCERTAIN_ALIGNED_STDDEV_METRES = 0.02;

  /** Prior information that keeps the normal matrix invertible: a deviation of a kilometre. */
  private static final double PRIOR_INFORMATION = 1e-6;

  /**
   * Judges a pose by what keyframes say of it and by what led to it.
   *
   * @param predicted where motion led to expect it
   */
  static PoseJudgement ofAlignment(Alignment aligned, SE3 predicted) {
    PoseJudgement judgement = ofAlignment(aligned);
    return judgement.status == TrackingStatus.TRACKING
            && !isAsPredicted(aligned.worldFromCamera(), predicted)
        ? doubted(false, "not where motion led to expect it", judgement.covariance)
        : judgement;
  }

  /** Judges a pose by what keyframes say of it, wherever it was expected. */
  static PoseJudgement ofAlignment(Alignment aligned) {
    double[] covariance = aligned.covariance();
    if (!(aligned.overlap() >= UNCERTAIN_OVERLAP)) {
      String reason =
          "keyframes have seen %.0f %% of what the frame shows (expected: at least %.0f %%)"
              .formatted(100 * aligned.overlap(), 100 * UNCERTAIN_OVERLAP);
      return doubted(!(aligned.overlap() >= LOST_OVERLAP), reason, covariance);
    }
    if (!(aligned.agreement() >= UNCERTAIN_AGREEMENT)) {
      String reason =
          "%.0f %% of what keyframes have seen too is where they have seen it (expected: at least %.0f %%)"
              .formatted(100 * aligned.agreement(), 100 * UNCERTAIN_AGREEMENT);
      return doubted(!(aligned.agreement() >= LOST_AGREEMENT), reason, covariance);
    }
    if (!(aligned.colourCost() <= UNCERTAIN_COLOUR_COST)) {
      String reason =
          "colours differ from what keyframes have seen: %.2f (expected: at most %.2f)"
              .formatted(aligned.colourCost(), UNCERTAIN_COLOUR_COST);
      return doubted(false, reason, covariance);
    }
    return byDeviation(covariance, UNCERTAIN_ALIGNED_STDDEV_METRES);
  }

  /** Judges a pose by what the map's rendering says of it. */
  static PoseJudgement ofRendering(PoseOptimizer.Estimate estimate) {
    double[] covariance = covariance(estimate.information());
    double share = estimate.inlierShare();
    if (!(share >= UNCERTAIN_INLIER_SHARE)) {
      String reason =
          "the map explains the depth of %.0f %% of the pixels (expected: at least %.0f %%)"
              .formatted(100 * share, 100 * UNCERTAIN_INLIER_SHARE);
      return doubted(!(share >= LOST_INLIER_SHARE), reason, covariance);
    }
    return byDeviation(covariance, UNCERTAIN_STDDEV_METRES);
  }

  /** Whether a pose is near where motion led to expect it. */
  static boolean isAsPredicted(SE3 worldFromCamera, SE3 predicted) {
    SE3 jump = predicted.inverse().times(worldFromCamera);
    return jump.translationNorm() <= UNCERTAIN_JUMP_METRES
        && Math.toDegrees(jump.rotationAngle()) <= UNCERTAIN_JUMP_DEGREES;
  }

  private static PoseJudgement doubted(boolean lost, String reason, double[] covariance) {
    return new PoseJudgement(
        lost ? TrackingStatus.LOST : TrackingStatus.UNCERTAIN, reason, covariance);
  }

  private static PoseJudgement byDeviation(double[] covariance, double bound) {
    double stddev = Math.sqrt(covariance[0] + covariance[7] + covariance[14]);
    if (!(stddev <= bound)) {
      String reason =
          "a direction is left open: position known to %.3f m (expected: %.3f m)"
              .formatted(stddev, bound);
      return new PoseJudgement(TrackingStatus.UNCERTAIN, reason, covariance);
    }
    return new PoseJudgement(TrackingStatus.TRACKING, "", covariance);
  }

  private static double[] covariance(double[] information) {
    SimpleMatrix normal = new SimpleMatrix(6, 6, true, information);
    if (normal.hasUncountable()) {
      return SimpleMatrix.identity(6).scale(Double.NaN).getDDRM().getData();
    }
    return normal
        .plus(SimpleMatrix.identity(6).scale(PRIOR_INFORMATION))
        .invert()
        .getDDRM()
        .getData();
  }
}
