package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;

/**
 * One mapping round.
 *
 * @param sequenceNumber of the frame it was for
 * @param worldFromCamera the frame's pose as bundle adjustment left it
 * @param depthLoss mean {@code |D - D^|} in metres of the last iteration
 * @param colourLoss mean {@code |C - C^|} per channel of the last iteration; NaN without a colour
 *     stage
 * @param mappingMillis time it took
 */
public record MappingResult(
    long sequenceNumber,
    SE3 worldFromCamera,
    double depthLoss,
    double colourLoss,
    double mappingMillis) {}
