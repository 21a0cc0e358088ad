package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.relocalisation.KeyframeIndex;
import io.roomfield.slam.relocalisation.OrbFeatures;
import io.roomfield.slam.relocalisation.PoseProposal;
import io.roomfield.slam.relocalisation.Relocaliser;
import io.roomfield.slam.tracking.PlaceHypothesis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/** Where in a session a frame may have been taken. Callable from several threads. */
final class PlaceRecognition {
  /** Keyframes around the last pose that are tried where no place is recognised. */
  private static final int NEAREST = 3;

  private final KeyframeStore keyframes;
  private final KeyframeIndex index = new KeyframeIndex();
  private final Relocaliser relocaliser;

  /** By keyframe id. */
  private final List<OrbFeatures> features = new ArrayList<>();

  PlaceRecognition(PinholeCamera camera, KeyframeStore keyframes) {
    this.keyframes = keyframes;
    relocaliser = new Relocaliser(camera, index);
  }

  /** Takes in the keyframes that are new. */
  synchronized void learn() {
    List<Keyframe> all = keyframes.all();
    while (features.size() < all.size()) {
      Keyframe keyframe = all.get(features.size());
      features.add(relocaliser.features(keyframe.frame()));
      index.add(keyframe.id(), features.getLast());
    }
  }

  /**
   * Where a keyframe was taken according to others that show the same place, the likeliest first.
   *
   * @param eligible ids of the keyframes among which to look
   */
  synchronized List<PoseProposal> proposals(Keyframe keyframe, IntPredicate eligible) {
    learn();
    return relocaliser.propose(features.get(keyframe.id()), eligible);
  }

  /**
   * Where to look for a frame of a lost camera, the likeliest first: from features, then, as a
   * plain wall has none, those of the keyframes nearest to where it was lost.
   */
  synchronized List<PlaceHypothesis> hypotheses(RgbdFrame frame, SE3 lastKnown) {
    List<Keyframe> all = keyframes.all();
    List<PlaceHypothesis> hypotheses = new ArrayList<>();
    for (PoseProposal p : relocaliser.propose(relocaliser.features(frame), id -> true)) {
      SE3 keyframe = all.get(p.keyframeId()).worldFromCamera();
      hypotheses.add(new PlaceHypothesis(keyframe.times(p.cameraKeyframeFromCameraFrame()), true));
    }
    all.stream()
        .map(Keyframe::worldFromCamera)
        .sorted(
            Comparator.comparingDouble(pose -> lastKnown.inverse().times(pose).translationNorm()))
        .limit(NEAREST)
        .forEach(pose -> hypotheses.add(new PlaceHypothesis(pose, false)));
    return hypotheses;
  }
}
