package io.roomfield.slam.mapping;

/** Keyframe stores without a mapper. */
public final class TestKeyframes {
  private TestKeyframes() {}

  public static void add(KeyframeStore store, Keyframe keyframe) {
    store.add(keyframe);
  }
}
