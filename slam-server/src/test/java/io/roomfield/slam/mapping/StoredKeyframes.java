package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;

/** Moves keyframes, as only the mapper may: for tests of what follows them. */
public final class StoredKeyframes {
  private StoredKeyframes() {}

  public static void move(Keyframe keyframe, SE3 refined) {
    keyframe.moveTo(refined);
  }
}
