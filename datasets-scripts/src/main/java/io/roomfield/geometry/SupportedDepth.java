package io.roomfield.geometry;

/**
 * Depth images without the readings that no surface supports: along depth edges, sensors (and
 * simulated ones that interpolate across holes) report "flying pixels" anywhere between the camera
 * and the background. Each of them, believed, would put a speck of matter into free space.
 *
 * <p>A reading is kept if at least {@value #MIN_SUPPORT} of its eight neighbours agree with it
 * within {@value #AGREEMENT} of its depth: a line one pixel wide still supports itself.
 */
public final class SupportedDepth {
  private static final int MIN_SUPPORT = 2;
  private static final float AGREEMENT = 0.03f;

  private SupportedDepth() {}

  /**
   * A copy without unsupported readings.
   *
   * @param depthMetres {@code [height, width]}, 0 for no reading
   */
  public static float[] of(float[] depthMetres, int width, int height) {
    float[] kept = new float[depthMetres.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        float depth = depthMetres[pixel];
        if (depth > 0
            && (isBetweenTwo(depthMetres, width, x, pixel)
                || support(depthMetres, width, height, x, y) >= MIN_SUPPORT)) {
          kept[pixel] = depth;
        }
      }
    }
    return kept;
  }

  /** Whether the neighbours to the left and right agree: nearly always, and quick to see. */
  private static boolean isBetweenTwo(float[] depth, int width, int x, int pixel) {
    float tolerance = AGREEMENT * depth[pixel];
    return x > 0
        && x < width - 1
        && Math.abs(depth[pixel - 1] - depth[pixel]) <= tolerance
        && Math.abs(depth[pixel + 1] - depth[pixel]) <= tolerance;
  }

  private static int support(float[] depth, int width, int height, int x, int y) {
    float centre = depth[y * width + x];
    float tolerance = AGREEMENT * centre;
    int support = 0;
    for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        support += Math.abs(depth[v * width + u] - centre) <= tolerance ? 1 : 0;
      }
    }
    return support - 1;
  }
}
