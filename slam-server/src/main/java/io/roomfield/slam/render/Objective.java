package io.roomfield.slam.render;

/**
 * The loss of a batch.
 *
 * <p>Mapping (NICE-SLAM, eqs. 8-10): {@code L = sum |D - D^| + colourWeight * sum |C - C^|}, depth
 * over the rays with a reading, colour over all rays and channels.
 *
 * <p>Tracking (eqs. 11-12): {@code L = sum |D - D^| / sqrt(S^ + varianceFloor) + colourWeight * sum
 * |C - C^|}, both over the rays that have a reading and are no outliers; {@code S^} is not
 * differentiated. An outlier is a ray whose depth term exceeds {@code outlierFactor} times the
 * (upper) median of the depth terms of the rays with a reading: a moving object.
 *
 * <p>The derivative of {@code |x|} at 0 is 0.
 *
 * @param uncertaintyWeighted the tracking form
 * @param colourWeight weight of the photometric term; 0 for none. Counts at the colour stage only
 * @param outlierFactor 0 keeps every ray; only with the tracking form
 * @param varianceFloor square metres, > 0; only with the tracking form
 */
public record Objective(
    boolean uncertaintyWeighted, float colourWeight, float outlierFactor, float varianceFloor) {

  /** The mapping loss. */
  public static Objective mapping(float colourWeight) {
    return new Objective(false, colourWeight, 0, 1e-10f);
  }

  /** The tracking loss. */
  public static Objective tracking(float colourWeight, float outlierFactor, float varianceFloor) {
    return new Objective(true, colourWeight, outlierFactor, varianceFloor);
  }
}
