package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** Numbers of the frames whose entry changed since they were last kept. */
  private final Set<Long> changed = new LinkedHashSet<>();

  private long newest;

  PoseHistory(KeyframeStore keyframes) {
    this.keyframes = keyframes;
  }

  synchronized void add(TrackingResult result) {
    newest = result.sequenceNumber();
    entries.put(newest, entry(result, keyframes.newest().orElse(null), result.worldFromCamera()));
    changed.add(newest);
  }

  /** Takes over a pose that the mapper has refined. */
  synchronized void refine(long sequenceNumber, SE3 worldFromCamera) {
    // Not to the newest keyframe: that may be of a later frame, which a checkpoint does not cover.
    entries.computeIfPresent(
        sequenceNumber,
        (n, e) -> entry(e.result, keyframes.of(n).orElse(e.reference), worldFromCamera));
    changed.add(sequenceNumber);
  }

  private static Entry entry(TrackingResult result, Keyframe reference, SE3 worldFromCamera) {
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

  /**
   * What another history needs to go on, of the frames up to one: those that changed since this was
   * last asked.
   */
  synchronized List<KeptPose> changedUpTo(long sequenceNumber) {
    List<KeptPose> kept = new ArrayList<>();
    for (Iterator<Long> numbers = changed.iterator(); numbers.hasNext(); ) {
      Entry entry = entries.get(numbers.next());
      if (Long.compareUnsigned(entry.result.sequenceNumber(), sequenceNumber) <= 0) {
        kept.add(
            new KeptPose(
                entry.result,
                entry.reference == null ? KeptPose.NO_REFERENCE : entry.reference.id(),
                entry.referenceFromCamera));
        numbers.remove();
      }
    }
    return kept;
  }

  /**
   * Goes on from there, when the keyframes are there.
   *
   * @param kept of all frames, in their order
   */
  synchronized void restore(List<KeptPose> kept) {
    List<Keyframe> all = keyframes.all();
    for (KeptPose pose : kept) {
      Keyframe reference =
          pose.reference() == KeptPose.NO_REFERENCE ? null : all.get(pose.reference());
      newest = pose.result().sequenceNumber();
      entries.put(newest, new Entry(pose.result(), reference, pose.referenceFromCamera()));
    }
  }

  /** The newest frame as it was tracked; empty before the first. */
  synchronized Optional<TrackingResult> latest() {
    return Optional.ofNullable(entries.get(newest)).map(Entry::result);
  }

  synchronized Trajectory trajectory() {
    List<TrackingResult> poses = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      poses.add(entry.result.at(entry.worldFromCamera()));
    }
    return new Trajectory(poses);
  }
}
