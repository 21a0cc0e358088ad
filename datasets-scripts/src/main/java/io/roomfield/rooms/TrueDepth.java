package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;

/**
 * A depth image without noise, and the local shape of its surfaces.
 *
 * @param metres {@code [height, width]} along the optical axis; 0 for none
 * @param fx focal length in pixels
 * @param cx principal point in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
record TrueDepth(
    float[] metres, int width, int height, double fx, double fy, double cx, double cy) {
  /**
   * @throws IllegalArgumentException if the array is not of that size
   */
  TrueDepth {
    if (metres.length != width * height) {
      throw new IllegalArgumentException(
          "depth: %d values (expected: %d x %d)".formatted(metres.length, width, height));
    }
  }

  static TrueDepth of(float[] metres, PinholeCamera camera) {
    return new TrueDepth(
        metres,
        camera.width(),
        camera.height(),
        camera.fx(),
        camera.fy(),
        camera.cx(),
        camera.cy());
  }

  /** Depth of the pixel, or of the nearest one on the image's edge. */
  double at(int x, int y) {
    return metres[Math.clamp(y, 0, height - 1) * width + Math.clamp(x, 0, width - 1)];
  }

  /** The larger of both second differences in metres: tells a step from a slope, however steep. */
  double bend(int x, int y) {
    double z = at(x, y);
    double across = at(x - 1, y) + at(x + 1, y) - 2 * z;
    double along = at(x, y - 1) + at(x, y + 1) - 2 * z;
    return Math.max(Math.abs(across), Math.abs(along));
  }

  /**
   * Cosine between the ray {@code (a, b, 1)} and the normal {@code (-fx z_x, -fy z_y, z + a fx z_x
   * + b fy z_y)} of the surface {@code z (a, b, 1)}, where z_x and z_y are the depth's derivatives
   * by pixel.
   */
  double incidenceCosine(int x, int y) {
    double zx = (at(x + 1, y) - at(x - 1, y)) / 2;
    double zy = (at(x, y + 1) - at(x, y - 1)) / 2;
    double a = (x - cx) / fx;
    double b = (y - cy) / fy;
    double z = at(x, y);
    double nx = -fx * zx;
    double ny = -fy * zy;
    double nz = z - a * nx - b * ny;
    double ray = Math.sqrt(a * a + b * b + 1);
    return z / (ray * Math.sqrt(nx * nx + ny * ny + nz * nz));
  }
}
