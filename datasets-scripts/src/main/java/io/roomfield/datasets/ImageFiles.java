package io.roomfield.datasets;

import com.google.protobuf.ByteString;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Image files, sent as they are stored. */
final class ImageFiles {
  private ImageFiles() {}

  /** A JPEG or PNG file, by its name's extension. */
  static ColourImage colour(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    ColourEncoding encoding =
        name.endsWith(".png")
            ? ColourEncoding.COLOUR_ENCODING_PNG
            : ColourEncoding.COLOUR_ENCODING_JPEG;
    return ColourImage.newBuilder().setEncoding(encoding).setData(bytes(file)).build();
  }

  /** A 16-bit PNG file. */
  static DepthImage depth(Path file) throws IOException {
    return DepthImage.newBuilder()
        .setEncoding(DepthEncoding.DEPTH_ENCODING_PNG16)
        .setData(bytes(file))
        .build();
  }

  /** Width and height from the file's header. */
  static ImageSize size(Path file) throws IOException {
    try {
      return ImageDecoding.size(file.toFile());
    } catch (IOException e) {
      throw new DatasetException(file, e.getMessage(), e);
    }
  }

  private static ByteString bytes(Path file) throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(file));
  }
}
