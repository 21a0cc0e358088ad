package io.roomfield.slam.client.eval;

import java.util.OptionalDouble;

/**
 * Mean {@code |rendered - sensor|} of depth images, pooled over all pixels of all frames where both
 * have a reading (a value above 0). Not thread-safe.
 */
public final class DepthL1 {
  private double sumMetres;
  private long compared;
  private long sensed;

  /**
   * Adds a frame.
   *
   * @param sensorMetres {@code [pixels]} depth along the optical axis; 0 is no reading
   * @param renderedMetres {@code [pixels]} the same of the map; 0 is no surface
   * @throws IllegalArgumentException if the images differ in size
   */
  public void add(float[] sensorMetres, float[] renderedMetres) {
    if (sensorMetres.length != renderedMetres.length) {
      throw new IllegalArgumentException(
          "depth: rendered image has %d pixels (expected: %d as the sensor's)"
              .formatted(renderedMetres.length, sensorMetres.length));
    }
    for (int i = 0; i < sensorMetres.length; i++) {
      if (sensorMetres[i] > 0) {
        sensed++;
        if (renderedMetres[i] > 0) {
          compared++;
          sumMetres += Math.abs((double) renderedMetres[i] - sensorMetres[i]);
        }
      }
    }
  }

  /** Mean absolute difference in metres; empty if no pixel had both readings. */
  public OptionalDouble meanMetres() {
    return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(sumMetres / compared);
  }

  /** Share of the sensor's readings where the map had a surface too, 0 to 1; 0 without readings. */
  public double coverage() {
    return sensed == 0 ? 0 : (double) compared / sensed;
  }

  /** Pixels compared. */
  public long pixels() {
    return compared;
  }
}
