package io.roomfield.slam.alignment;

import io.roomfield.geometry.SE3;

/**
 * Where a frame was found relative to reference views.
 *
 * @param worldFromCamera its pose
 * @param covariance {@code [6, 6]} of (translation in metres, rotation in radians) about the
 *     camera's centre, row by row; see {@link SE3#perturbed}
 * @param overlap share of the frame's readings that a reference has seen as well, 0..1
 * @param agreement share of those that lie on the reference's surface, 0..1
 * @param depthCost mean robust cost of the distances in units of their noise; just below 0.5 where
 *     they are nothing but noise
 * @param colourCost the same of the intensities
 * @param openDirections how many of the six directions geometry leaves open
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record Alignment(
    SE3 worldFromCamera,
    double[] covariance,
    double overlap,
    double agreement,
    double depthCost,
    double colourCost,
    int openDirections) {}
