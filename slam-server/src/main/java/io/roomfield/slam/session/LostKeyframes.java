package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.FrameValidator;
import io.roomfield.slam.session.EngineState.KeptKeyframe;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands in for keyframes whose rows are lost: without them the ids of all later ones would
 * shift, which poses, blocks and loops refer to. A stand-in has no images, and so says nothing.
 */
final class LostKeyframes {
  /** What claims to miss more is none of ours. */
  private static final int LOST_AT_MOST = 1000;

  private LostKeyframes() {}

  /**
   * All keyframes by id, with stand-ins for those that are lost.
   *
   * @param left those that are left; of ids beyond {@code count} nothing is taken
   * @param poses of the frames, in their order
   * @throws IllegalArgumentException if more are lost than can be
   */
  static List<KeptKeyframe> replaced(List<KeptKeyframe> left, int count, List<KeptPose> poses) {
    SortedMap<Integer, KeptKeyframe> byId = new TreeMap<>();
    left.forEach(keyframe -> byId.put(keyframe.id(), keyframe));
    if (count - byId.size() > LOST_AT_MOST) {
      throw new IllegalArgumentException(
          "%d of %d keyframes are lost (expected: at most %d)"
              .formatted(count - byId.size(), count, LOST_AT_MOST));
    }
    SortedMap<Integer, SE3> lost = lost(byId, poses);
    SE3 before = SE3.IDENTITY;
    List<KeptKeyframe> all = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      KeptKeyframe keyframe = byId.get(id);
      if (keyframe == null) {
        SE3 pose = lost.getOrDefault(id, before);
        keyframe = new KeptKeyframe(id, FrameValidator.keyframeNumber(id), 0, pose);
      }
      before = keyframe.worldFromCamera();
      all.add(keyframe);
    }
    return all;
  }

  /**
   * Poses of lost keyframes by the frames that are kept relative to them. A frame's motion since
   * the last one that a keyframe places is what tracking said, as what has moved keyframes since
   * then has moved both.
   */
  private static SortedMap<Integer, SE3> lost(
      SortedMap<Integer, KeptKeyframe> left, List<KeptPose> poses) {
    SortedMap<Integer, SE3> lost = new TreeMap<>();
    SE3 nowFromTracked = SE3.IDENTITY;
    for (KeptPose pose : poses) {
      SE3 tracked = pose.result().worldFromCamera();
      KeptKeyframe reference = left.get(pose.reference());
      if (reference != null) {
        SE3 now = reference.worldFromCamera().times(pose.referenceFromCamera());
        nowFromTracked = now.times(tracked.inverse());
      } else if (pose.reference() != KeptPose.NO_REFERENCE) {
        SE3 now = nowFromTracked.times(tracked);
        lost.putIfAbsent(
            pose.reference(), now.times(pose.referenceFromCamera().inverse()).normalised());
      }
    }
    return lost;
  }
}
