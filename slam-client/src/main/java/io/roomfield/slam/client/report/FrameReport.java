package io.roomfield.slam.client.report;

import io.roomfield.slam.v1.TrackingStatus;

/**
 * What the server said about a tracked frame.
 *
 * @param sequenceNumber the frame's
 * @param status how far its pose can be relied on
 * @param statusReason in words, why the status is not TRACKING; otherwise empty
 * @param depthLossMetres mean {@code |D - D^|} at the pose
 * @param colourLoss mean {@code |C - C^|} per channel, colours in 0 to 1
 * @param trackingMillis time that tracking took
 */
public record FrameReport(
    long sequenceNumber,
    TrackingStatus status,
    String statusReason,
    double depthLossMetres,
    double colourLoss,
    double trackingMillis) {}
