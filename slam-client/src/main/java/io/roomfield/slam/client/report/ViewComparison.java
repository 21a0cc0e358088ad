package io.roomfield.slam.client.report;

/**
 * What the sensor saw and what the map renders from the same pose; images row by row.
 *
 * @param title such as "frame 40"
 * @param width in pixels
 * @param height in pixels
 * @param sensorDepth {@code [height, width]} metres; 0 is no reading
 * @param renderedDepth {@code [height, width]} metres; 0 is no surface
 * @param sensorRgb {@code [height, width, 3]}
 * @param renderedRgb {@code [height, width, 3]}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record ViewComparison(
    String title,
    int width,
    int height,
    float[] sensorDepth,
    float[] renderedDepth,
    byte[] sensorRgb,
    byte[] renderedRgb) {
  /**
   * @throws IllegalArgumentException if an image is not of the declared size
   */
  public ViewComparison {
    check(title, "sensor depth", sensorDepth.length, width * height);
    check(title, "rendered depth", renderedDepth.length, width * height);
    check(title, "sensor colour", sensorRgb.length, 3 * width * height);
    check(title, "rendered colour", renderedRgb.length, 3 * width * height);
  }

  private static void check(String title, String name, int length, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s: %s has %d values (expected: %d)".formatted(title, name, length, expected));
    }
  }
}
