package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The keyframes of a session, in order; one thread adds them, anyone reads. */
public final class KeyframeStore {
  private final CopyOnWriteArrayList<Keyframe> keyframes = new CopyOnWriteArrayList<>();

  /** Keeps a frame. */
  public Keyframe add(RgbdFrame frame, SE3 worldFromCamera) {
    Keyframe keyframe = new Keyframe(keyframes.size(), frame, worldFromCamera);
    keyframes.add(keyframe);
    return keyframe;
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
    return of(sequenceNumber).isPresent();
  }

  /** The keyframe that the frame of this sequence number is, if it is one. */
  public Optional<Keyframe> of(long sequenceNumber) {
    return keyframes.stream()
        .filter(keyframe -> keyframe.frame().sequenceNumber() == sequenceNumber)
        .findFirst();
  }

  /** The keyframes so far; never changes under the reader. */
  public List<Keyframe> all() {
    return List.of(keyframes.toArray(Keyframe[]::new));
  }
}
