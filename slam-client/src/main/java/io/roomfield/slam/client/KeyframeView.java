package io.roomfield.slam.client;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.util.Optional;

/**
 * One keyframe of a session's map.
 *
 * @param colour as it was sent; empty in a list of keyframes
 * @param depth as it was sent; empty in a list of keyframes
 */
public record KeyframeView(
    int keyframeId,
    long sequenceNumber,
    long timestampNanos,
    SE3 worldFromCamera,
    Optional<ColourImage> colour,
    Optional<DepthImage> depth) {}
