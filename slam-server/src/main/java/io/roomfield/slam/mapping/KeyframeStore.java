package io.roomfield.slam.mapping;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The keyframes of a session, in order; written by the mapper, read by anyone. */
public final class KeyframeStore {
  private final CopyOnWriteArrayList<Keyframe> keyframes = new CopyOnWriteArrayList<>();

  void add(Keyframe keyframe) {
    keyframes.add(keyframe);
  }

  public int size() {
    return keyframes.size();
  }

  /** The keyframes so far; never changes under the reader. */
  public List<Keyframe> all() {
    return List.of(keyframes.toArray(Keyframe[]::new));
  }
}
