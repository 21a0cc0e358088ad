package io.roomfield.slam.alignment;

import io.roomfield.geometry.SE3;

/**
 * A view of known pose that others are aligned with.
 *
 * @param pyramid its images
 * @param worldFromCamera its pose
 */
public record ReferenceView(FramePyramid pyramid, SE3 worldFromCamera) {}
