package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import java.util.SplittableRandom;

/**
 * The noise of a time-of-flight depth camera (Kinect v2, Azure Kinect), by its known effects; see
 * Wasenmueller and Stricker, "Comparison of Kinect v1 and v2 depth images in terms of accuracy and
 * precision" (ACCV workshops 2016). Orders of magnitude follow the literature, the formulas are
 * ours. With the cosine c of the angle of incidence:
 *
 * <pre>
 * z' = z + n + w + m,  n ~ N(0, sigma(z, c)),  sigma = (0.8 mm + 0.25 mm/m^2 z^2) / max(c, 0.3)
 * </pre>
 *
 * where w is a bias that varies slowly over the image and m lengthens depth in concave corners,
 * where light arrives by more ways than one. At depth edges a pixel may mix both surfaces (flying
 * pixels). Readings are missing beyond the range, on some edges, and where little light returns:
 * dark, far or grazing surfaces. Darkness is drawn as patches of the image, for depth alone does
 * not tell it.
 */
public final class TimeOfFlightNoise {
  /** Range in metres. */
  public static final double MIN_METRES = 0.3;

  public static final double MAX_METRES = 5.5;

  /** Standard deviation at no depth, and its growth with the depth squared; metres. */
  static final double SIGMA = 0.0008;

  static final double SIGMA_GROWTH = 0.00025;
  static final double LEAST_COSINE = 0.3;

  /** Largest slowly varying bias in metres, and its wavelength as a share of the image's width. */
  static final double WIGGLE = 0.003;

  private static final double WIGGLE_WAVELENGTH = 0.4;

  /** Share of a corner's depth within the window that multiple paths add, and the most, metres. */
  static final double MULTIPATH = 0.12;

  static final double MAX_MULTIPATH = 0.02;

  /** Half the window in which corners are looked for, as a share of the image's width. */
  private static final double CORNER_REACH = 0.03;

  /** Neighbours that differ by more than this share of their depth may be different surfaces. */
  private static final double DISCONTINUITY = 0.04;

  /** What becomes of a pixel on an edge: lost, mixed, or else read as it is. */
  static final double EDGE_LOSS = 0.25;

  static final double EDGE_MIXING = 0.35;

  /** Returned light {@code reflectance c / z^2} below this is not read. */
  private static final double LEAST_LIGHT = 0.008;

  private static final double DARKEST = 0.08;
  private static final double DARK_WAVELENGTH = 0.2;

  private final TrueDepth truth;
  private final long patternSeed;
  private final SplittableRandom random;

  private TimeOfFlightNoise(TrueDepth truth, long seed) {
    this.truth = truth;
    this.random = new SplittableRandom(seed);
    this.patternSeed = random.nextLong();
  }

  /**
   * What the sensor reads where the true depth is this.
   *
   * @param depthMetres {@code [height, width]} along the optical axis; 0 for none
   * @param camera of that image
   * @return {@code [height, width]} metres, 0 for no reading
   * @throws IllegalArgumentException if the array is not of the camera's size
   */
  public static float[] apply(float[] depthMetres, PinholeCamera camera, long seed) {
    return new TimeOfFlightNoise(TrueDepth.of(depthMetres, camera), seed).readings();
  }

  /** Standard deviation in metres at a depth and a cosine of the angle of incidence. */
  static double sigma(double depthMetres, double cosine) {
    return (SIGMA + SIGMA_GROWTH * depthMetres * depthMetres) / Math.max(cosine, LEAST_COSINE);
  }

  private float[] readings() {
    float[] readings = new float[truth.metres().length];
    for (int y = 0; y < truth.height(); y++) {
      for (int x = 0; x < truth.width(); x++) {
        // Always the same draws a pixel, so that a lost reading does not change its neighbours.
        double noise = random.nextGaussian();
        double luck = random.nextDouble();
        double share = random.nextDouble();
        double z = truth.at(x, y);
        if (z >= MIN_METRES && z <= MAX_METRES) {
          boolean edge = truth.bend(x, y) > DISCONTINUITY * z;
          readings[y * truth.width() + x] =
              (float) (edge ? onEdge(x, y, luck, share) : onSurface(x, y, noise));
        }
      }
    }
    return readings;
  }

  /** Beside a step: nothing, a depth between both surfaces, or the true one. */
  private double onEdge(int x, int y, double luck, double share) {
    double z = truth.at(x, y);
    if (luck < EDGE_LOSS) {
      return 0;
    }
    if (luck >= EDGE_LOSS + EDGE_MIXING) {
      return z;
    }
    double other = z;
    int[][] around = {{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}};
    for (int[] p : around) {
      double neighbour = truth.at(p[0], p[1]);
      boolean isFarther = Math.abs(neighbour - z) > Math.abs(other - z);
      other = neighbour > 0 && isFarther ? neighbour : other;
    }
    return z + share * (other - z);
  }

  private double onSurface(int x, int y, double noise) {
    double z = truth.at(x, y);
    double cosine = truth.incidenceCosine(x, y);
    if (reflectance(x, y) * cosine / (z * z) < LEAST_LIGHT) {
      return 0;
    }
    double wave = WIGGLE_WAVELENGTH * truth.width();
    double wiggle = WIGGLE * ValueNoise.smooth(x / wave, y / wave, patternSeed);
    return z + sigma(z, cosine) * noise + wiggle + multipath(x, y);
  }

  private double reflectance(int x, int y) {
    double wave = DARK_WAVELENGTH * truth.width();
    double smooth = ValueNoise.smooth(x / wave, y / wave, patternSeed + 1);
    return Math.max(DARKEST, 0.5 + 0.6 * smooth);
  }

  /**
   * How deep a concave corner is within the window, times the share. Inverse depth is linear over a
   * plane's image, so its second difference is 0 there, and positive where surfaces fold away.
   */
  private double multipath(int x, int y) {
    int reach = Math.max(1, (int) (CORNER_REACH * truth.width()));
    boolean isWithin =
        x >= reach && x < truth.width() - reach && y >= reach && y < truth.height() - reach;
    if (!isWithin) {
      return 0;
    }
    double across = fold(x, y, truth.at(x - reach, y), truth.at(x + reach, y));
    double along = fold(x, y, truth.at(x, y - reach), truth.at(x, y + reach));
    return Math.min(MAX_MULTIPATH, MULTIPATH * Math.max(across, along));
  }

  /** 0 if the window crosses a step or a hole: no fold of one surface. */
  private double fold(int x, int y, double before, double after) {
    double z = truth.at(x, y);
    double step = 3 * DISCONTINUITY * z;
    if (Math.abs(before - z) > step || Math.abs(after - z) > step) {
      return 0;
    }
    return Math.max(0, z * z * (1 / before + 1 / after - 2 / z) / 2);
  }
}
