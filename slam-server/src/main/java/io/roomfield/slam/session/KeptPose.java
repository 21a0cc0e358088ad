package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.tracking.TrackingResult;

/**
 * A frame's pose as it is kept, relative to a keyframe.
 *
 * @param reference id of the keyframe, or {@link #NO_REFERENCE}
 * @param referenceFromCamera relative to the keyframe, or to the world without one
 */
public record KeptPose(TrackingResult result, int reference, SE3 referenceFromCamera) {
  static final int NO_REFERENCE = -1;
}
