package io.roomfield.geometry;

/** How much of what one view sees another view of the same camera has seen. */
public final class ViewOverlap {
  /** Every so many pixels in both directions are looked at. */
  private static final int STEP = 4;

  /** Two depths belong to one surface within this much, metres and share of the depth. */
  private static final double SAME_METRES = 0.05;

  private static final double SAME_SHARE = 0.03;

  private ViewOverlap() {}

  /**
   * Share of a view's readings that lie on surfaces of another view, 0..1; 0 without readings.
   *
   * @param depthMetres {@code [height, width]}; 0 where there is no reading
   * @param otherDepthMetres likewise
   * @param otherFromCamera the view's pose in the other view's axes
   */
  public static double share(
      PinholeCamera camera, float[] depthMetres, float[] otherDepthMetres, SE3 otherFromCamera) {
    int readings = 0;
    int seen = 0;
    for (int row = STEP / 2; row < camera.height(); row += STEP) {
      for (int column = STEP / 2; column < camera.width(); column += STEP) {
        double z = depthMetres[row * camera.width() + column];
        if (z > 0) {
          readings++;
          double[] p =
              otherFromCamera.apply(
                  z * (column - camera.cx()) / camera.fx(),
                  z * (row - camera.cy()) / camera.fy(),
                  z);
          seen += sees(camera, otherDepthMetres, p) ? 1 : 0;
        }
      }
    }
    return readings == 0 ? 0 : (double) seen / readings;
  }

  /** Whether a point in a view's axes lies on a surface that the view sees. */
  private static boolean sees(PinholeCamera camera, float[] depthMetres, double[] p) {
    long column = Math.round(camera.fx() * p[0] / p[2] + camera.cx());
    long row = Math.round(camera.fy() * p[1] / p[2] + camera.cy());
    if (!(p[2] > 0)
        || column < 0
        || row < 0
        || column >= camera.width()
        || row >= camera.height()) {
      return false;
    }
    float reading = depthMetres[(int) row * camera.width() + (int) column];
    return reading > 0 && Math.abs(reading - p[2]) < SAME_METRES + SAME_SHARE * p[2];
  }
}
