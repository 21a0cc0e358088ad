package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.relocalisation.KeyframeIndex;
import io.roomfield.slam.relocalisation.PoseProposal;
import io.roomfield.slam.relocalisation.Relocaliser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where in a session a frame may have been taken. For one thread. */
final class PlaceRecognition {
  /** Keyframes around the last pose that are tried where no place is recognised. */
  private static final int NEAREST = 3;

  private final KeyframeStore keyframes;
  private final KeyframeIndex index = new KeyframeIndex();
  private final Relocaliser relocaliser;
  private int indexed;

  PlaceRecognition(PinholeCamera camera, KeyframeStore keyframes) {
    this.keyframes = keyframes;
    relocaliser = new Relocaliser(camera, index);
  }

  /** Takes in the keyframes that are new. */
  void learn() {
    List<Keyframe> all = keyframes.all();
    while (indexed < all.size()) {
      Keyframe keyframe = all.get(indexed++);
      index.add(keyframe.id(), relocaliser.features(keyframe.frame()));
    }
  }

  /**
   * Poses to try for a frame of a lost camera, the likeliest first: from features, then, as a plain
   * wall has none, those of the keyframes nearest to where it was lost.
   */
  List<SE3> proposals(RgbdFrame frame, SE3 lastKnown) {
    List<Keyframe> all = keyframes.all();
    List<SE3> poses = new ArrayList<>();
    for (PoseProposal p : relocaliser.propose(relocaliser.features(frame), id -> true)) {
      SE3 keyframe = all.get(p.keyframeId()).worldFromCamera();
      poses.add(keyframe.times(p.cameraKeyframeFromCameraFrame()));
    }
    all.stream()
        .map(Keyframe::worldFromCamera)
        .sorted(
            Comparator.comparingDouble(pose -> lastKnown.inverse().times(pose).translationNorm()))
        .limit(NEAREST)
        .forEach(poses::add);
    return poses;
  }
}
