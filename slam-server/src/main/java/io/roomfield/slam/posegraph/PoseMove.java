package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;

/**
 * How a keyframe's pose changes.
 *
 * @param id of the keyframe
 * @param before its {@code worldFromCamera} so far
 * @param after its {@code worldFromCamera} from now on
 */
public record PoseMove(int id, SE3 before, SE3 after) {
  /** What takes a point that the keyframe saw to where it is now: {@code after * before^-1}. */
  public SE3 newFromOld() {
    return after.times(before.inverse());
  }

  /** The keyframe's new pose seen from its old one: {@code before^-1 * after}. */
  public SE3 motion() {
    return before.inverse().times(after);
  }
}
