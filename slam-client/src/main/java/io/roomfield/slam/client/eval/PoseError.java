package io.roomfield.slam.client.eval;

/** Distance from the true position in metres, and angle from the true orientation in radians. */
public record PoseError(double metres, double radians) {
  /** Beyond this a pose is wrong: another place was taken for the camera's. */
  public static final PoseError WRONG = new PoseError(0.10, Math.toRadians(5));

  /** Within this a pose is right, and tracking can go on from it. */
  public static final PoseError RIGHT = new PoseError(0.05, Math.toRadians(2));

  /** Whether both are at most those of a bound. */
  public boolean within(PoseError bound) {
    return metres <= bound.metres && radians <= bound.radians;
  }
}
