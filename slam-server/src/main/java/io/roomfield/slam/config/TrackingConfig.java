package io.roomfield.slam.config;

/**
 * The tracker (NICE-SLAM, section 3.3; algorithm, section 4).
 *
 * @param pixels drawn per frame
 * @param iterations of Adam per frame
 * @param learningRate of the translation, metres a step
 * @param rotationRateFactor the rotation's learning rate is this times {@code learningRate}
 *     (radians)
 * @param borderPixels image border that no pixel is drawn from
 * @param colourWeight of the photometric term
 * @param outlierFactor pixels whose depth term exceeds this times the median are dropped; 0 for
 *     none
 * @param varianceFloor added to the rendered depth variance, square metres
 * @param resamplePixels draw new pixels every iteration, instead of once a frame
 */
public record TrackingConfig(
    int pixels,
    int iterations,
    double learningRate,
    double rotationRateFactor,
    int borderPixels,
    double colourWeight,
    double outlierFactor,
    double varianceFloor,
    boolean resamplePixels) {
  public TrackingConfig {
    Check.atLeast("tracking.pixels", pixels, 1);
    Check.atLeast("tracking.iterations", iterations, 1);
    Check.positive("tracking.learningRate", learningRate);
    Check.positive("tracking.rotationRateFactor", rotationRateFactor);
    Check.atLeast("tracking.borderPixels", borderPixels, 0);
    Check.atLeast("tracking.colourWeight", colourWeight, 0);
    Check.atLeast("tracking.outlierFactor", outlierFactor, 0);
    Check.positive("tracking.varianceFloor", varianceFloor);
  }
}
