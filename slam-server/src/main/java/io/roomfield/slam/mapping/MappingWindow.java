package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.FramePixels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The frames that a round's pixels are drawn from: the current one, the last keyframe, and
 * keyframes that overlap the current view (algorithm, section 3). Poses may move until {@link
 * #writeBack}.
 */
final class MappingWindow {
  private final List<FramePixels> pixels = new ArrayList<>();
  private final List<Keyframe> keyframes = new ArrayList<>();
  private final SE3[] poses;
  private final float[] maxDepths;

  private MappingWindow(FramePixels current, SE3 currentPose, List<Keyframe> chosen) {
    int size = chosen.size() + (current == null ? 0 : 1);
    poses = new SE3[size];
    maxDepths = new float[size];
    for (Keyframe keyframe : chosen) {
      add(keyframe.pixels(), keyframe.worldFromCamera(), keyframe);
    }
    if (current != null) {
      add(current, currentPose, null);
    }
  }

  private void add(FramePixels frame, SE3 pose, Keyframe keyframe) {
    int i = pixels.size();
    pixels.add(frame);
    keyframes.add(keyframe);
    poses[i] = pose;
    maxDepths[i] = frame.maxDepthMetres();
  }

  /** The window of a round on a current frame, at most {@code size} frames. */
  static MappingWindow around(
      FramePixels current,
      SE3 pose,
      List<Keyframe> keyframes,
      int size,
      KeyframeSelector selector,
      SplittableRandom random) {
    List<Keyframe> chosen = new ArrayList<>();
    if (!keyframes.isEmpty()) {
      List<Keyframe> older = keyframes.subList(0, keyframes.size() - 1);
      chosen.addAll(selector.select(current, pose, older, size - 2, random));
      chosen.add(keyframes.getLast());
    }
    return new MappingWindow(current, pose, chosen);
  }

  /** A window of at most {@code size} keyframes drawn from all. */
  static MappingWindow ofAll(List<Keyframe> keyframes, int size, SplittableRandom random) {
    List<Keyframe> chosen = new ArrayList<>(keyframes);
    while (chosen.size() > size) {
      chosen.remove(random.nextInt(chosen.size()));
    }
    return new MappingWindow(null, null, chosen);
  }

  boolean isEmpty() {
    return poses.length == 0;
  }

  int size() {
    return poses.length;
  }

  FramePixels pixels(int i) {
    return pixels.get(i);
  }

  /** Not a copy: bundle adjustment moves them. */
  SE3[] poses() {
    return poses;
  }

  float[] maxDepths() {
    return maxDepths;
  }

  /** The frame that holds the window in place: keyframes come in order, so the first. */
  int oldest() {
    return 0;
  }

  /** The current frame's pose; it is the last of the window. */
  SE3 currentPose() {
    return poses[poses.length - 1];
  }

  /** Moves the keyframes to where their poses are now. */
  void writeBack() {
    for (int i = 0; i < poses.length; i++) {
      if (keyframes.get(i) != null) {
        keyframes.get(i).moveTo(poses[i]);
      }
    }
  }
}
