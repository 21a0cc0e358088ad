package io.roomfield.slam.client;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.TrackingStatus;

/**
 * The pose of one tracked frame.
 *
 * @param sequenceNumber as it was sent
 * @param timestampNanos as it was sent
 * @param worldFromCamera in the session's world: {@code mapFromOdometry * odometryFromCamera};
 *     jumps when a loop is closed
 * @param odometryFromCamera without those jumps, for who steers or draws with it
 * @param mapFromOdometry the identity until a loop is closed
 * @param status whether the pose can be relied on
 * @param statusReason why it cannot, in words; empty where it can
 * @param positionStddevMetres from the tracker's normal matrix
 * @param rotationStddevRadians from the tracker's normal matrix
 */
public record PoseEstimate(
    long sequenceNumber,
    long timestampNanos,
    SE3 worldFromCamera,
    SE3 odometryFromCamera,
    SE3 mapFromOdometry,
    TrackingStatus status,
    String statusReason,
    double positionStddevMetres,
    double rotationStddevRadians) {}
