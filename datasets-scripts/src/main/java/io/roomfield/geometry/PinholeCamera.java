package io.roomfield.geometry;

/**
 * A pinhole camera without distortion: {@code u = fx x/z + cx, v = fy y/z + cy}; camera axes are x
 * right, y down, z forward, and pixel (0, 0) is the centre of the top left pixel.
 *
 * @param width image width in pixels
 * @param height image height in pixels
 * @param fx focal length in pixels
 * @param fy focal length in pixels
 * @param cx principal point in pixels
 * @param cy principal point in pixels
 */
public record PinholeCamera(int width, int height, double fx, double fy, double cx, double cy) {
  /** Smallest and largest image edge that anything in Roomfield accepts, in pixels. */
  public static final int MIN_EDGE = 16;

  public static final int MAX_EDGE = 8192;

  /**
   * Checks that the intrinsics fit the image.
   *
   * @throws InvalidValueException naming the field, what was expected and what came
   */
  public PinholeCamera {
    checkEdge("width", width);
    checkEdge("height", height);
    checkFocal("fx", fx);
    checkFocal("fy", fy);
    checkCentre("cx", cx, width);
    checkCentre("cy", cy, height);
  }

  /** The same view in an image of another size: intrinsics scaled about pixel edges. */
  public PinholeCamera scaledTo(int newWidth, int newHeight) {
    double sx = (double) newWidth / width;
    double sy = (double) newHeight / height;
    return new PinholeCamera(
        newWidth, newHeight, fx * sx, fy * sy, (cx + 0.5) * sx - 0.5, (cy + 0.5) * sy - 0.5);
  }

  private static void checkEdge(String name, int value) {
    if (value < MIN_EDGE || value > MAX_EDGE) {
      throw new InvalidValueException(name, value, "%d to %d pixels".formatted(MIN_EDGE, MAX_EDGE));
    }
  }

  private static void checkFocal(String name, double value) {
    if (!(value > 0) || !Double.isFinite(value)) {
      throw new InvalidValueException(name, value, "> 0 pixels");
    }
  }

  private static void checkCentre(String name, double value, int size) {
    if (!(value >= 0 && value <= size - 1)) {
      throw new InvalidValueException(name, value, "inside the image, 0 to %d".formatted(size - 1));
    }
  }
}
