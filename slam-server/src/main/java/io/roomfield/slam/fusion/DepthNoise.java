package io.roomfield.slam.fusion;

/**
 * Axial noise of a Kinect-like sensor: {@code sigma(D) = 0.0012 + 0.0019 (D - 0.4)^2} metres
 * (Nguyen, Izadi and Lovell, <em>Modeling Kinect Sensor Noise</em>, 3DIMPVT 2012, section 3).
 */
public final class DepthNoise {
  /** Metres, at {@link #NEAREST}. */
  public static final double FLOOR = 0.0012;

  /** Metres per square metre. */
  public static final double GROWTH = 0.0019;

  /** Metres. */
  public static final double NEAREST = 0.4;

  /** Sigma at 1 m, where a reading's weight is 1. */
  public static final double AT_ONE_METRE = sigma(1);

  private DepthNoise() {}

  /** Standard deviation of a reading, both in metres. */
  public static double sigma(double depthMetres) {
    double beyond = depthMetres - NEAREST;
    return FLOOR + GROWTH * beyond * beyond;
  }

  /** {@code 1 / sigma(D)^2} relative to a reading at 1 m. */
  public static double weight(double depthMetres) {
    double relative = AT_ONE_METRE / sigma(depthMetres);
    return relative * relative;
  }
}
