package io.roomfield.slam.mapping;

/**
 * One mapping round.
 *
 * @param sequenceNumber of the frame it was for
 * @param depthLoss mean {@code |D - D^|} in metres of the last iteration
 * @param colourLoss mean {@code |C - C^|} per channel of the last iteration; NaN without a colour
 *     stage
 * @param mappingMillis time it took
 */
public record MappingResult(
    long sequenceNumber, double depthLoss, double colourLoss, double mappingMillis) {}
