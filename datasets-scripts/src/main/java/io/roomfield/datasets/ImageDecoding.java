package io.roomfield.datasets;

import com.google.protobuf.ByteString;
import io.roomfield.geometry.PinholeCamera;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Sizes and pixels of JPEGs and PNGs; a small file makes no image larger than any camera's. */
final class ImageDecoding {
  private static final List<String> FORMATS = List.of("jpeg", "png");

  private ImageDecoding() {}

  /** What is read of an image. */
  @FunctionalInterface
  private interface Part<T> {
    T of(ImageReader reader) throws IOException;
  }

  /**
   * Width and height from the header.
   *
   * @param source a file or a stream
   * @throws IOException if it is no JPEG or PNG, or damaged
   */
  static ImageSize size(Object source) throws IOException {
    return read(source, reader -> new ImageSize(reader.getWidth(0), reader.getHeight(0)));
  }

  /**
   * Decodes an image.
   *
   * @throws IOException if it is no JPEG or PNG, damaged, or larger than {@link
   *     PinholeCamera#MAX_EDGE}
   */
  static BufferedImage decode(ByteString data) throws IOException {
    ImageSize size = size(data.newInput());
    if (Math.max(size.width(), size.height()) > PinholeCamera.MAX_EDGE) {
      throw new IOException(
          "image is %s (expected: at most %d pixels an edge)"
              .formatted(size, PinholeCamera.MAX_EDGE));
    }
    return read(data.newInput(), reader -> reader.read(0));
  }

  private static <T> T read(Object source, Part<T> part) throws IOException {
    try (ImageInputStream stream = ImageIO.createImageInputStream(source)) {
      for (String format : stream == null ? List.<String>of() : FORMATS) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try {
          if (reader.getOriginatingProvider().canDecodeInput(stream)) {
            reader.setInput(stream, true, true);
            return part.of(reader);
          }
        } catch (IOException | RuntimeException e) { // of what is damaged readers throw anything
          throw new IOException("a damaged image (expected: a whole %s)".formatted(format), e);
        } finally {
          reader.dispose();
        }
      }
    }
    throw new IOException("not an image (expected: JPEG or PNG)");
  }
}
