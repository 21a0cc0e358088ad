package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pose of every frame, each kept relative to the newest keyframe of its time, so that frames
 * move with their keyframes when bundle adjustment moves those. Thread-safe.
 */
final class PoseHistory {
  /**
   * @param reference null before the first keyframe
   * @param referenceFromCamera relative to the reference, or to the world without one
   */
  private record Entry(TrackingResult result, Keyframe reference, SE3 referenceFromCamera) {
    /**
     * Normalised: a keyframe's pose comes from here, and is what later ones are relative to, so
     * that a rotation's rounding error would double with every keyframe.
     */
    SE3 worldFromCamera() {
      return reference == null
          ? referenceFromCamera
          : reference.worldFromCamera().times(referenceFromCamera).normalised();
    }
  }

  private final KeyframeStore keyframes;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private long newest;

  PoseHistory(KeyframeStore keyframes) {
    this.keyframes = keyframes;
  }

  synchronized void add(TrackingResult result) {
    newest = result.sequenceNumber();
    entries.put(newest, entry(result, result.worldFromCamera()));
  }

  /** Takes over a pose that the mapper has refined. */
  synchronized void refine(long sequenceNumber, SE3 worldFromCamera) {
    entries.computeIfPresent(sequenceNumber, (n, e) -> entry(e.result, worldFromCamera));
  }

  private Entry entry(TrackingResult result, SE3 worldFromCamera) {
    Keyframe reference = keyframes.newest().orElse(null);
    return new Entry(
        result,
        reference,
        reference == null
            ? worldFromCamera
            : reference.worldFromCamera().inverse().times(worldFromCamera));
  }

  synchronized Optional<SE3> pose(long sequenceNumber) {
    return Optional.ofNullable(entries.get(sequenceNumber)).map(Entry::worldFromCamera);
  }

  synchronized SE3 latestPose() {
    return entries.get(newest).worldFromCamera();
  }

  synchronized Trajectory trajectory() {
    List<TrackingResult> poses = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      poses.add(entry.result.at(entry.worldFromCamera()));
    }
    return new Trajectory(poses);
  }
}
