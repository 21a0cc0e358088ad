package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;

/**
 * What a tracker knows between two frames, so that another goes on as it would have.
 *
 * @param last pose of the last frame
 * @param lastNanos its time
 * @param beforeLast pose of the frame before it
 * @param beforeLastNanos its time
 * @param lost whether the camera is lost
 * @param mapFromOdometry how far closed loops have moved the camera
 */
public record TrackerState(
    SE3 last,
    long lastNanos,
    SE3 beforeLast,
    long beforeLastNanos,
    boolean lost,
    SE3 mapFromOdometry) {}
