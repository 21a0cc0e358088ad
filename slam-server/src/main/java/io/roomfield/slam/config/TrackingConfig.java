package io.roomfield.slam.config;

/**
 * The tracker (NICE-SLAM, section 3.3; algorithm, section 4).
 *
 * @param pixels drawn per frame
 * @param iterations per frame
 * @param optimiser how the pose moves from iteration to iteration
 * @param learningRate Adam's, of the translation, metres a step
 * @param rotationRateFactor Adam's, the rotation's learning rate is this times {@code learningRate}
 *     (radians)
 * @param borderPixels image border that no pixel is drawn from
 * @param colourWeight of the photometric term
 * @param outlierFactor pixels whose depth term exceeds this times the median are dropped; 0 for
 *     none
 * @param unmappedFactor pixels whose depth the map misses by more than this times the median (and
 *     by more than 5 cm and 5 %) at the predicted pose are left out: most show what is not mapped
 *     yet; 0 keeps all
 * @param varianceFloor added to the rendered depth variance, square metres
 * @param resamplePixels draw new pixels every iteration, instead of once a frame
 */
public record TrackingConfig(
    int pixels,
    int iterations,
    Optimiser optimiser,
    double learningRate,
    double rotationRateFactor,
    int borderPixels,
    double colourWeight,
    double outlierFactor,
    double unmappedFactor,
    double varianceFloor,
    boolean resamplePixels) {
  /** How a pose moves from iteration to iteration. */
  public enum Optimiser {
    /** As published. */
    ADAM,
    /** Steps that know how translation and rotation couple: far fewer are needed. */
    NATURAL_GRADIENT
  }

  // What a configuration of a foreign file may ask for: ten times and more of any preset's.
  private static final int MAX_PIXELS = 100_000;
  private static final int MAX_ITERATIONS = 20_000;

  public TrackingConfig {
    Check.present("tracking.optimiser", optimiser);
    Check.between("tracking.pixels", pixels, 1, MAX_PIXELS);
    Check.between("tracking.iterations", iterations, 1, MAX_ITERATIONS);
    Check.positive("tracking.learningRate", learningRate);
    Check.positive("tracking.rotationRateFactor", rotationRateFactor);
    Check.atLeast("tracking.borderPixels", borderPixels, 0);
    Check.atLeast("tracking.colourWeight", colourWeight, 0);
    Check.atLeast("tracking.outlierFactor", outlierFactor, 0);
    Check.atLeast("tracking.unmappedFactor", unmappedFactor, 0);
    Check.positive("tracking.varianceFloor", varianceFloor);
  }

  /** The same by depth alone. */
  public TrackingConfig withoutColour() {
    return new TrackingConfig(
        pixels,
        iterations,
        optimiser,
        learningRate,
        rotationRateFactor,
        borderPixels,
        0,
        outlierFactor,
        unmappedFactor,
        varianceFloor,
        resamplePixels);
  }
}
