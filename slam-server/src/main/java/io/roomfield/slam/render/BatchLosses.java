package io.roomfield.slam.render;

/**
 * Losses of one pass over a batch.
 *
 * @param total the objective's value
 * @param depthAbsSum sum of {@code |D - D^|} in metres over the rays with a reading (outliers too)
 * @param depthCount rays with a reading
 * @param colourAbsSum sum of {@code |C - C^|} over the channels of the rays that the photometric
 *     term counts
 * @param colourCount channels summed
 * @param outliers rays with a reading that the outlier filter dropped
 */
public record BatchLosses(
    double total,
    double depthAbsSum,
    int depthCount,
    double colourAbsSum,
    int colourCount,
    int outliers) {

  /** Mean {@code |D - D^|} in metres; NaN without readings. */
  public double meanDepth() {
    return depthAbsSum / depthCount;
  }

  /** Mean {@code |C - C^|} per channel; NaN below the colour stage. */
  public double meanColour() {
    return colourAbsSum / colourCount;
  }
}
