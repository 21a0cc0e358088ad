package io.roomfield.slam.ingest;

import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;

/** Small images in every encoding of the API. */
public final class TestImages {
  private TestImages() {}

  /** Raw colour and raw depth of one value everywhere. */
  public static RgbdFrame.EncodedImages raw(int width, int height, int depthValue) {
    return new RgbdFrame.EncodedImages(
        ColourEncoding.COLOUR_ENCODING_RGB8_VALUE,
        new byte[3 * width * height],
        DepthEncoding.DEPTH_ENCODING_RAW16_VALUE,
        rawDepth(width, height, depthValue));
  }

  /** Little endian. */
  public static byte[] rawDepth(int width, int height, int value) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * width * height).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  /** An image of a {@link BufferedImage} type whose samples are {@link #sample}. */
  static BufferedImage image(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, sample(x, y, band));
        }
      }
    }
    return image;
  }

  /** Below 256, and different in every pixel of a row, every row and every band. */
  static int sample(int x, int y, int band) {
    return (5 * x + 2 * y + 60 * band) % 256;
  }

  static byte[] encode(BufferedImage image, String format) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no writer of " + format + " takes this image");
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
