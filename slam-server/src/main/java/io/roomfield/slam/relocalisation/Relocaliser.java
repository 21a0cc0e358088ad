package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.relocalisation.KeyframeIndex.Candidate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Recognises the place that a frame shows among the keyframes and proposes poses: match features,
 * solve for a pose, refine it, keep it if enough matches agree (as ORB-SLAM2 relocalises, Mur-Artal
 * and Tardos, T-RO 2017, with depth added). The same features and keyframes give the same
 * proposals. Callable from several threads.
 */
public final class Relocaliser {
  /** As many keyframes are asked for a pose. */
  private static final int CANDIDATES = 5;

  /**
   * With fewer, a few wrong poses are among the right ones. Frames of one recording never have 6
   * that agree in another; rooms with the same furniture or a repeating pattern may have 20.
   */
  private static final int MIN_INLIERS = 12;

  private final OrbExtractor extractor;
  private final PerspectiveNPoint perspective;
  private final PoseRefinement refinement;
  private final KeyframeIndex keyframes;

  /**
   * @param camera that takes the frames and took the keyframes
   * @param keyframes among which a place is recognised; may grow meanwhile
   */
  public Relocaliser(PinholeCamera camera, KeyframeIndex keyframes) {
    extractor = new OrbExtractor(camera);
    perspective = new PerspectiveNPoint(camera);
    refinement = new PoseRefinement(camera);
    this.keyframes = keyframes;
  }

  /** A frame's features: for {@link KeyframeIndex#add} and {@link #propose}. */
  public OrbFeatures features(RgbdFrame frame) {
    return extractor.extract(frame);
  }

  /**
   * Where the frame may have been taken, the pose with the most inliers first; at most one pose a
   * keyframe, at most five. Empty where no place is recognised.
   *
   * @param eligible ids of the keyframes among which to look
   */
  public List<PoseProposal> propose(OrbFeatures frame, IntPredicate eligible) {
    return keyframes.candidates(frame, CANDIDATES, eligible).stream()
        .flatMap(candidate -> pose(frame, candidate).stream())
        .sorted(Comparator.comparingInt(proposal -> -proposal.inliers()))
        .toList();
  }

  private Optional<PoseProposal> pose(OrbFeatures frame, Candidate candidate) {
    Correspondences correspondences =
        Correspondences.of(frame, candidate.keyframe(), candidate.matches());
    return perspective
        .solve(correspondences)
        .flatMap(pose -> refinement.refine(correspondences, pose, MIN_INLIERS))
        .map(pose -> proposal(candidate.keyframeId(), correspondences, pose))
        .filter(proposal -> proposal.inliers() >= MIN_INLIERS);
  }

  private PoseProposal proposal(int keyframeId, Correspondences correspondences, SE3 pose) {
    int inliers = refinement.inliers(correspondences, pose);
    return new PoseProposal(
        keyframeId, pose.inverse(), inliers, (double) inliers / correspondences.count());
  }
}
