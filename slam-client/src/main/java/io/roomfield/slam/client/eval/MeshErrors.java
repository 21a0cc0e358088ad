package io.roomfield.slam.client.eval;

import java.util.Arrays;

/**
 * How an estimated mesh differs from the true one. Metres and shares from 0 to 1.
 *
 * @param accuracy mean distance from points of the estimate to the true surface
 * @param completion mean distance from points of the truth to the estimated surface
 * @param completionRatio5cm share of the truth's points nearer than 5 cm to the estimate
 * @param f1At1cm harmonic mean of precision and recall at 1 cm: the shares of the estimate's and of
 *     the truth's points nearer than that to the other surface
 * @param f1At5cm the same at 5 cm
 * @param estimatePoints points of the estimate that counted
 * @param truthPoints points of the truth that counted
 */
public record MeshErrors(
    double accuracy,
    double completion,
    double completionRatio5cm,
    double f1At1cm,
    double f1At5cm,
    int estimatePoints,
    int truthPoints) {
  private static final double ONE_CM = 0.01;
  private static final double FIVE_CM = 0.05;

  /**
   * @param estimateToTruth metres, one or more
   * @param truthToEstimate metres, one or more
   */
  static MeshErrors ofDistances(double[] estimateToTruth, double[] truthToEstimate) {
    return new MeshErrors(
        Arrays.stream(estimateToTruth).average().orElseThrow(),
        Arrays.stream(truthToEstimate).average().orElseThrow(),
        shareBelow(truthToEstimate, FIVE_CM),
        f1(estimateToTruth, truthToEstimate, ONE_CM),
        f1(estimateToTruth, truthToEstimate, FIVE_CM),
        estimateToTruth.length,
        truthToEstimate.length);
  }

  private static double f1(double[] estimateToTruth, double[] truthToEstimate, double threshold) {
    double precision = shareBelow(estimateToTruth, threshold);
    double recall = shareBelow(truthToEstimate, threshold);
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  private static double shareBelow(double[] values, double threshold) {
    return (double) Arrays.stream(values).filter(v -> v < threshold).count() / values.length;
  }
}
