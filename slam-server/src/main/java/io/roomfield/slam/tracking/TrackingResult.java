package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;

/**
 * A tracked frame.
 *
 * @param sequenceNumber the frame's
 * @param timestampNanos the frame's
 * @param worldFromCamera the pose
 * @param mapFromOdometry how far closed loops have moved the map and the camera: the identity until
 *     one was closed
 * @param status how far it can be relied on
 * @param statusReason in words, why the status is not TRACKING; otherwise empty
 * @param asPredicted whether the pose is about where motion led to expect it
 * @param covariance {@code [6, 6]} of (translation in metres, rotation in radians), row by row
 * @param depthLoss mean {@code |D - D^|} in metres at the pose
 * @param colourLoss mean {@code |C - C^|} per channel at the pose
 * @param trackingMillis time it took
 */
public record TrackingResult(
    long sequenceNumber,
    long timestampNanos,
    SE3 worldFromCamera,
    SE3 mapFromOdometry,
    TrackingStatus status,
    String statusReason,
    boolean asPredicted,
    double[] covariance,
    double depthLoss,
    double colourLoss,
    double trackingMillis) {

  /**
   * The pose without the jumps that the map makes when loops are closed: {@code mapFromOdometry^-1
   * * worldFromCamera}.
   */
  public SE3 odometryFromCamera() {
    return mapFromOdometry.inverse().times(worldFromCamera);
  }

  /** The same frame, not to be relied on: lost, at a predicted pose. */
  TrackingResult lostAt(SE3 predicted) {
    String why = statusReason.isEmpty() ? "the map shows something else there" : statusReason;
    String reason =
        status == TrackingStatus.LOST
            ? statusReason
            : "the camera was lost and is not surely found: " + why;
    return new TrackingResult(
        sequenceNumber,
        timestampNanos,
        predicted,
        mapFromOdometry,
        TrackingStatus.LOST,
        reason,
        asPredicted,
        covariance,
        depthLoss,
        colourLoss,
        trackingMillis);
  }

  /** The same frame at a refined pose; its {@link #odometryFromCamera} stays. */
  public TrackingResult at(SE3 refined) {
    SE3 newFromOld = refined.times(worldFromCamera.inverse());
    return new TrackingResult(
        sequenceNumber,
        timestampNanos,
        refined,
        newFromOld.times(mapFromOdometry).normalised(),
        status,
        statusReason,
        asPredicted,
        covariance,
        depthLoss,
        colourLoss,
        trackingMillis);
  }

  /** Root of the summed variances of the position, metres. */
  public double positionStddev() {
    return Math.sqrt(covariance[0] + covariance[7] + covariance[14]);
  }

  /** Root of the summed variances of the rotation, radians. */
  public double rotationStddev() {
    return Math.sqrt(covariance[21] + covariance[28] + covariance[35]);
  }
}
