package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;

/**
 * Where a lost camera may be.
 *
 * @param worldFromCamera its pose there
 * @param recognised whether what a keyframe shows was recognised in the frame, and says this pose;
 *     otherwise it is merely worth a try
 */
public record PlaceHypothesis(SE3 worldFromCamera, boolean recognised) {}
