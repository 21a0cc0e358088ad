package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import java.util.SplittableRandom;

/**
 * The noise of a structured-light depth camera (Microsoft Kinect), after Barron and Malik,
 * "Intrinsic scene properties from a single RGB-D image" (CVPR 2013), as used by Handa et al., "A
 * benchmark for RGB-D visual odometry, 3D reconstruction and SLAM" (ICRA 2014), section III-B: with
 * disparity {@code d = f b / z} in eighths of a pixel,
 *
 * <pre>z' = f b / (round(8 f b / z(u + n_s) + n_d) / 8),  n_s ~ N(0, 1/2 px), n_d ~ N(0, 1/6)</pre>
 *
 * so that a step of depth is {@code z^2 / (8 f b)} and the standard deviation {@code sqrt(1/12 +
 * 1/36)} of it: both grow with the depth squared, as Khoshelham and Elberink measured ("Accuracy
 * and resolution of Kinect depth data", Sensors 2012, section 3.2: a step of 2.85 mm at 1 m, 7 cm
 * at 5 m).
 *
 * <p>Readings are missing beyond the range, in the shadow that nearer surfaces throw in the
 * projector's light, at random beside depth discontinuities, and at grazing angles.
 */
public final class KinectNoise {
  /** Distance between projector and camera in metres (Khoshelham and Elberink, section 3.1). */
  public static final double BASELINE_METRES = 0.075;

  /** Disparity is measured in this part of a pixel. */
  public static final double SUBPIXELS = 8;

  /** Standard deviation of a disparity before rounding, in subpixels (Barron and Malik). */
  public static final double DISPARITY_SIGMA = 1.0 / 6;

  /** Standard deviation of the lateral jitter in pixels (Barron and Malik). */
  public static final double LATERAL_SIGMA = 0.5;

  /** Range in metres; the maker states 0.8 to 4, drivers give more. */
  public static final double MIN_METRES = 0.4;

  public static final double MAX_METRES = 6;

  /** Neighbours that differ by more than this share of their depth may be different surfaces. */
  private static final double DISCONTINUITY = 0.04;

  /** Share of readings that are lost beside a discontinuity. */
  private static final double EDGE_LOSS = 0.35;

  /** Readings begin to fail at the first angle of incidence and are gone at the second. */
  private static final double GRAZING_COSINE = Math.cos(Math.toRadians(76));

  private static final double GONE_COSINE = Math.cos(Math.toRadians(86));

  private final TrueDepth truth;
  private final float[] depth;
  private final int width;
  private final int height;
  private final double sensorFx;

  /** A pixel of the sensor in pixels of the image: 1, or less if the image was subsampled. */
  private final double sensorPixel;

  private final SplittableRandom random;

  private KinectNoise(TrueDepth truth, double sensorFx, long seed) {
    if (!(sensorFx > 0)) {
      throw new IllegalArgumentException("fx: %s (expected: > 0 pixels)".formatted(sensorFx));
    }
    this.truth = truth;
    this.depth = truth.metres();
    this.width = truth.width();
    this.height = truth.height();
    this.sensorFx = sensorFx;
    this.sensorPixel = truth.fx() / sensorFx;
    this.random = new SplittableRandom(seed);
  }

  /**
   * What the sensor reads where the true depth is this.
   *
   * @param depthMetres {@code [height, width]} along the optical axis; 0 for none
   * @param fx focal length in pixels, of square pixels about the image's centre
   * @return {@code [height, width]} metres, 0 for no reading
   * @throws IllegalArgumentException if the array is not of that size or fx is not positive
   */
  public static float[] apply(float[] depthMetres, int width, int height, double fx, long seed) {
    TrueDepth truth =
        new TrueDepth(depthMetres, width, height, fx, fx, (width - 1) / 2.0, (height - 1) / 2.0);
    return new KinectNoise(truth, fx, seed).readings();
  }

  /**
   * What a subsampled image of the sensor reads: disparities are steps of the sensor's own pixels,
   * jitter and the rim of lost readings beside edges are narrower by the images' ratio.
   *
   * @param depthMetres {@code [height, width]} of the subsampled image, metres along the optical
   *     axis; 0 for none
   * @param camera of the subsampled image
   * @param sensorFx the sensor's own focal length in pixels; a Kinect's is about 525 (VGA)
   * @return {@code [height, width]} metres, 0 for no reading
   * @throws IllegalArgumentException if the array is not of the camera's size or sensorFx is not
   *     positive
   */
  public static float[] apply(
      float[] depthMetres, PinholeCamera camera, double sensorFx, long seed) {
    return new KinectNoise(TrueDepth.of(depthMetres, camera), sensorFx, seed).readings();
  }

  private float[] readings() {
    float[] readings = new float[depth.length];
    double lateral = LATERAL_SIGMA * sensorPixel;
    for (int y = 0; y < height; y++) {
      boolean[] shadow = projectorShadow(y);
      for (int x = 0; x < width; x++) {
        // Always the same draws a pixel, so that a lost reading does not change its neighbours.
        double shiftX = lateral * random.nextGaussian();
        double shiftY = lateral * random.nextGaussian();
        double disparityNoise = DISPARITY_SIGMA * random.nextGaussian();
        double luck = random.nextDouble();
        if (!shadow[x] && luck >= lossProbability(x, y)) {
          readings[y * width + x] = reading(x + shiftX, y + shiftY, disparityNoise);
        }
      }
    }
    return readings;
  }

  private float reading(double x, double y, double disparityNoise) {
    double z = depthAt(x, y);
    if (!(z >= MIN_METRES && z <= MAX_METRES)) {
      return 0;
    }
    double scale = SUBPIXELS * sensorFx * BASELINE_METRES;
    double disparity = Math.max(1, Math.rint(scale / z + disparityNoise));
    return (float) (scale / disparity);
  }

  /** Bilinear within a surface, nearest pixel across an edge (no depth between two surfaces). */
  private double depthAt(double x, double y) {
    double cx = Math.clamp(x, 0.0, width - 1.0);
    double cy = Math.clamp(y, 0.0, height - 1.0);
    int x0 = Math.min((int) cx, width - 2);
    int y0 = Math.min((int) cy, height - 2);
    int at = y0 * width + x0;
    double a = cx - x0;
    double b = cy - y0;
    double z00 = depth[at];
    double z10 = depth[at + 1];
    double z01 = depth[at + width];
    double z11 = depth[at + width + 1];
    double least = Math.min(Math.min(z00, z10), Math.min(z01, z11));
    double most = Math.max(Math.max(z00, z10), Math.max(z01, z11));
    if (most - least > DISCONTINUITY * most) {
      return depth[at + (a < 0.5 ? 0 : 1) + (b < 0.5 ? 0 : width)];
    }
    return (z00 * (1 - a) + z10 * a) * (1 - b) + (z01 * (1 - a) + z11 * a) * b;
  }

  /**
   * Pixels of a row that the projector, to the camera's right, does not light: in its image a point
   * lies at {@code x - f b / z}, and a nearer surface has covered that place already.
   */
  private boolean[] projectorShadow(int y) {
    boolean[] shadow = new boolean[width];
    double leftmost = Double.POSITIVE_INFINITY;
    for (int x = width - 1; x >= 0; x--) {
      double z = depth[y * width + x];
      if (z > 0) {
        double projected = x - truth.fx() * BASELINE_METRES / z;
        shadow[x] = projected > leftmost;
        leftmost = Math.min(leftmost, projected);
      }
    }
    return shadow;
  }

  private double lossProbability(int x, int y) {
    double z = depth[y * width + x];
    if (!(z > 0)) {
      return 1;
    }
    if (truth.bend(x, y) > DISCONTINUITY * z) {
      return EDGE_LOSS * Math.min(1, sensorPixel);
    }
    double cosine = truth.incidenceCosine(x, y);
    return Math.clamp((GRAZING_COSINE - cosine) / (GRAZING_COSINE - GONE_COSINE), 0.0, 1.0);
  }
}
