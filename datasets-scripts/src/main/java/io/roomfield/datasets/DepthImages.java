package io.roomfield.datasets;

import com.google.protobuf.ByteString;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.DepthImage;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Depth images of the API to metres and back. */
public final class DepthImages {
  private static final int MAX_UNITS = 0xFFFF;

  private DepthImages() {}

  /**
   * Decodes a depth image of either encoding.
   *
   * @param camera its size is the expected one
   * @param depthScale image units per metre
   * @return {@code [height, width]} metres; 0 is no reading
   * @throws IOException if the bytes are no 16-bit image of that size
   */
  public static float[] metres(DepthImage image, PinholeCamera camera, double depthScale)
      throws IOException {
    short[] units =
        image.getEncoding() == DepthEncoding.DEPTH_ENCODING_RAW16
            ? rawUnits(image.getData(), camera)
            : pngUnits(image.getData(), camera);
    float[] metres = new float[units.length];
    for (int i = 0; i < units.length; i++) {
      metres[i] = (float) (Short.toUnsignedInt(units[i]) / depthScale);
    }
    return metres;
  }

  /**
   * Encodes metres as RAW16, rounded to the nearest unit.
   *
   * @param depthScale image units per metre
   * @return values past what 16 bits hold, and those that are not positive, become 0: no reading
   */
  public static DepthImage raw(float[] metres, double depthScale) {
    ByteBuffer bytes =
        ByteBuffer.allocate(metres.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : metres) {
      long units = Math.round(value * depthScale);
      bytes.putShort((short) (units > 0 && units <= MAX_UNITS ? units : 0));
    }
    return raw(bytes.flip());
  }

  private static DepthImage raw(ByteBuffer littleEndianUnits) {
    return DepthImage.newBuilder()
        .setEncoding(DepthEncoding.DEPTH_ENCODING_RAW16)
        .setData(ByteString.copyFrom(littleEndianUnits))
        .build();
  }

  private static short[] rawUnits(ByteString data, PinholeCamera camera) throws IOException {
    int pixels = camera.width() * camera.height();
    if (data.size() != pixels * Short.BYTES) {
      throw new IOException(
          "depth image has %d bytes (expected: %d for %dx%d)"
              .formatted(data.size(), pixels * Short.BYTES, camera.width(), camera.height()));
    }
    short[] units = new short[pixels];
    data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(units);
    return units;
  }

  private static short[] pngUnits(ByteString data, PinholeCamera camera) throws IOException {
    BufferedImage image = ImageDecoding.decode(data);
    if (!(image.getRaster().getDataBuffer() instanceof DataBufferUShort buffer)) {
      throw new IOException("depth image is no 16-bit PNG (expected: 16 bits, one channel)");
    }
    if (image.getWidth() != camera.width() || image.getHeight() != camera.height()) {
      throw new IOException(
          "depth image is %dx%d (expected: %dx%d)"
              .formatted(image.getWidth(), image.getHeight(), camera.width(), camera.height()));
    }
    return buffer.getData();
  }
}
