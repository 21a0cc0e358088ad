package io.roomfield.datasets;

import com.google.protobuf.ByteString;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.ColourImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;

/** Colour images of the API to pixels and back. */
public final class ColourImages {
  private static final int CHANNELS = 3;

  private ColourImages() {}

  /**
   * Decodes a colour image of any encoding, resampled (bilinear) to the size asked for.
   *
   * @param width of the result; for RGB8 bytes also their own width
   * @return {@code [height, width, 3]} red, green, blue
   * @throws IOException if the bytes cannot be decoded
   */
  public static byte[] rgb(ColourImage image, int width, int height) throws IOException {
    if (image.getEncoding() == ColourEncoding.COLOUR_ENCODING_RGB8) {
      if (image.getData().size() != width * height * CHANNELS) {
        throw new IOException(
            "colour image has %d bytes (expected: %d for %dx%d)"
                .formatted(image.getData().size(), width * height * CHANNELS, width, height));
      }
      return image.getData().toByteArray();
    }
    BufferedImage decoded = ImageDecoding.decode(image.getData());
    BufferedImage bgr = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = bgr.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(decoded, 0, 0, width, height, null);
    graphics.dispose();
    byte[] bytes = ((DataBufferByte) bgr.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bytes.length; i += CHANNELS) {
      byte blue = bytes[i];
      bytes[i] = bytes[i + 2];
      bytes[i + 2] = blue;
    }
    return bytes;
  }

  /** Pixels {@code [height, width, 3]} as an image of the API. */
  public static ColourImage raw(byte[] rgb) {
    return ColourImage.newBuilder()
        .setEncoding(ColourEncoding.COLOUR_ENCODING_RGB8)
        .setData(ByteString.copyFrom(rgb))
        .build();
  }
}
