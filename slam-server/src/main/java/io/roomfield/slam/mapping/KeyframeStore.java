package io.roomfield.slam.mapping;

import java.util.List;
import java.util.Optional;
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

  public Optional<Keyframe> newest() {
    // One read of the list: it only grows, but not under this reader.
    List<Keyframe> now = all();
    return now.isEmpty() ? Optional.empty() : Optional.of(now.getLast());
  }

  /** Whether the frame of this sequence number is a keyframe. */
  public boolean has(long sequenceNumber) {
    return keyframes.stream()
        .anyMatch(keyframe -> keyframe.frame().sequenceNumber() == sequenceNumber);
  }

  /** The keyframes so far; never changes under the reader. */
  public List<Keyframe> all() {
    return List.of(keyframes.toArray(Keyframe[]::new));
  }
}
