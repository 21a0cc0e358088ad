package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.SE3;

/**
 * Where a frame may have been taken: a hypothesis that is still to be verified.
 *
 * @param keyframeId the keyframe that it was recognised in
 * @param cameraKeyframeFromCameraFrame the frame's pose in the keyframe's camera axes; in the
 *     world: {@code worldFromCameraKeyframe * cameraKeyframeFromCameraFrame}
 * @param inliers matches that agree with the pose
 * @param inlierShare of the matches that have a point, in [0, 1]
 */
public record PoseProposal(
    int keyframeId, SE3 cameraKeyframeFromCameraFrame, int inliers, double inlierShare) {}
