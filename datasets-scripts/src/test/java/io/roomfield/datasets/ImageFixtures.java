package io.roomfield.datasets;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Small images on disk for sequences that tests make up. */
public final class ImageFixtures {
  public static final int WIDTH = 64;
  public static final int HEIGHT = 48;

  private ImageFixtures() {}

  /** A flat colour image; the extension says which format. */
  public static void colour(Path file, int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    write(image, file);
  }

  /** A 16-bit image whose pixel (x, y) is {@code units + x}. */
  public static void depth(Path file, int units) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, units + x);
      }
    }
    write(image, file);
  }

  /** A text file, made with its folders. */
  public static void text(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(BufferedImage image, Path file) {
    String name = file.getFileName().toString();
    try {
      Files.createDirectories(file.getParent());
      if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
        throw new IOException("no writer for " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
