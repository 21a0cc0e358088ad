package io.roomfield.slam.ingest;

/**
 * A decoded frame, and its images as they came.
 *
 * @param sequenceNumber as the client numbered it
 * @param timestampNanos the client's clock
 * @param width pixels
 * @param height pixels
 * @param depthMetres {@code [height, width]}; 0 where the sensor has no reading
 * @param rgb {@code [height, width, 3]} bytes
 * @param encoded the images as sent, for keyframes
 */
public record RgbdFrame(
    long sequenceNumber,
    long timestampNanos,
    int width,
    int height,
    float[] depthMetres,
    byte[] rgb,
    EncodedImages encoded) {

  /**
   * @param colourEncoding number of the API's ColourEncoding
   * @param depthEncoding number of the API's DepthEncoding
   */
  public record EncodedImages(int colourEncoding, byte[] colour, int depthEncoding, byte[] depth) {}
}
