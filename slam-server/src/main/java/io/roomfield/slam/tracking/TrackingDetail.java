package io.roomfield.slam.tracking;

/**
 * How a frame was tracked.
 *
 * @param alignmentMillis time that the front end took; 0 without one
 * @param inlierShare share of the drawn pixels whose rendered depth agrees with their reading; NaN
 *     where the map was not rendered
 */
public record TrackingDetail(double alignmentMillis, double inlierShare) {
  /** Nothing was aligned or rendered. */
  public static final TrackingDetail NONE = new TrackingDetail(0, Double.NaN);
}
