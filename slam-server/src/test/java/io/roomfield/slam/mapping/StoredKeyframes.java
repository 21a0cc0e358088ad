package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;

/** Does to keyframes what only the mapper may: for tests of what follows them. */
public final class StoredKeyframes {
  private StoredKeyframes() {}

  public static Keyframe add(KeyframeStore store, RgbdFrame frame, SE3 worldFromCamera) {
    Keyframe keyframe = new Keyframe(store.size(), frame, worldFromCamera);
    store.add(keyframe);
    return keyframe;
  }

  public static void move(Keyframe keyframe, SE3 refined) {
    keyframe.moveTo(refined);
  }
}
