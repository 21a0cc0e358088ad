package io.roomfield.slam.alignment;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.fusion.DepthNoise;
import java.util.ArrayList;
import java.util.List;

/**
 * Depth and intensity of a frame at falling resolutions, each level half the one before; the finest
 * is half the frame's, unless the frame is too small to be halved.
 *
 * @param levels the finest first, at least one
 */
public record FramePyramid(List<Level> levels) {
  /** At most so many levels, */
  private static final int MAX_LEVELS = 3;

  /** none with a shorter edge than this in pixels. */
  private static final int MIN_EDGE = 24;

  /** Readings of one pixel belong to one surface within so many of their standard deviations, */
  private static final double SAME_SURFACE_SIGMAS = 3;

  /** and at least within so many metres: a slanted surface falls off within a pixel. */
  private static final float SAME_SURFACE_METRES = 0.03f;

  // Rec. 601 luma, of bytes.
  private static final float RED = 0.299f / 255;
  private static final float GREEN = 0.587f / 255;
  private static final float BLUE = 0.114f / 255;

  /**
   * One resolution.
   *
   * @param camera its pixels
   * @param depthMetres {@code [height, width]}; 0 where there is no reading
   * @param intensity {@code [height, width]} in 0..1
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record Level(PinholeCamera camera, float[] depthMetres, float[] intensity) {}

  public FramePyramid {
    levels = List.copyOf(levels);
  }

  /**
   * The pyramid of a frame.
   *
   * @param depthMetres {@code [height, width]}; 0 where there is no reading
   * @param rgb {@code [height, width, 3]}
   */
  public static FramePyramid of(PinholeCamera camera, float[] depthMetres, byte[] rgb) {
    float[] intensity = new float[depthMetres.length];
    for (int i = 0; i < intensity.length; i++) {
      intensity[i] =
          RED * (rgb[3 * i] & 0xff)
              + GREEN * (rgb[3 * i + 1] & 0xff)
              + BLUE * (rgb[3 * i + 2] & 0xff);
    }
    Level frame = new Level(camera, depthMetres, intensity);
    List<Level> levels = new ArrayList<>();
    levels.add(canBeHalved(frame) ? half(frame) : frame);
    while (levels.size() < MAX_LEVELS && canBeHalved(levels.getLast())) {
      levels.add(half(levels.getLast()));
    }
    return new FramePyramid(levels);
  }

  private static boolean canBeHalved(Level level) {
    return Math.min(level.camera.width(), level.camera.height()) >= 2 * MIN_EDGE;
  }

  private static Level half(Level from) {
    PinholeCamera full = from.camera;
    int width = full.width() / 2;
    int height = full.height() / 2;
    // The centre of a pixel lies between those of the four that it is made of.
    PinholeCamera camera =
        new PinholeCamera(
            width,
            height,
            full.fx() / 2,
            full.fy() / 2,
            (full.cx() - 0.5) / 2,
            (full.cy() - 0.5) / 2);
    float[] depth = new float[width * height];
    float[] intensity = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = 2 * y * full.width() + 2 * x;
        int below = at + full.width();
        float[] i = from.intensity;
        intensity[y * width + x] = (i[at] + i[at + 1] + i[below] + i[below + 1]) / 4;
        float[] d = from.depthMetres;
        depth[y * width + x] = nearestSurface(d[at], d[at + 1], d[below], d[below + 1]);
      }
    }
    return new Level(camera, depth, intensity);
  }

  /** Mean of those readings that lie on the nearest surface; 0 where none is one. */
  private static float nearestSurface(float a, float b, float c, float d) {
    float nearest = Math.min(Math.min(orFar(a), orFar(b)), Math.min(orFar(c), orFar(d)));
    if (nearest == Float.POSITIVE_INFINITY) {
      return 0;
    }
    float farthest =
        nearest
            + Math.max(
                SAME_SURFACE_METRES, (float) (SAME_SURFACE_SIGMAS * DepthNoise.sigma(nearest)));
    float sum = 0;
    int count = 0;
    for (float reading : new float[] {a, b, c, d}) {
      if (reading > 0 && reading <= farthest) {
        sum += reading;
        count++;
      }
    }
    return sum / count;
  }

  private static float orFar(float reading) {
    return reading > 0 ? reading : Float.POSITIVE_INFINITY;
  }
}
