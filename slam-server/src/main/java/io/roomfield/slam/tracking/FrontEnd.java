package io.roomfield.slam.tracking;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.ViewOverlap;
import io.roomfield.slam.alignment.Alignment;
import io.roomfield.slam.alignment.FrameAligner;
import io.roomfield.slam.alignment.FramePyramid;
import io.roomfield.slam.alignment.ReferenceView;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives the tracker its first guess: a frame is aligned with the keyframes that see most of what it
 * sees, wherever in the session they were taken (docs/adr/0011). Callable from several threads.
 */
public final class FrontEnd {
  private final AlignmentConfig config;
  private final PinholeCamera camera;
  private final KeyframeStore keyframes;
  private final FrameAligner aligner;

  /** Keyframes before this one may lie elsewhere than they should, seen from the newest. */
  private volatile int doubtedBefore;

  /** By keyframe id. */
  private final Map<Integer, FramePyramid> pyramids = new ConcurrentHashMap<>();

  public FrontEnd(AlignmentConfig config, PinholeCamera camera, KeyframeStore keyframes) {
    this.config = config;
    this.camera = camera;
    this.keyframes = keyframes;
    aligner = new FrameAligner(config.intensitySigma());
  }

  /** A keyframe and the share of a view that it has seen. */
  private record Candidate(Keyframe keyframe, double overlap) {}

  /**
   * Doubts the keyframes before one of them, where the camera may have drifted since: they are no
   * references as long as newer ones see enough, and do not keep a frame from being a new view. So
   * the pose does not jump from the new keyframes to the old ones before a loop is closed.
   *
   * @param id the first keyframe that is not doubted; 0 for none
   */
  public void doubtBefore(int id) {
    doubtedBefore = id;
  }

  /**
   * Aligns a frame with the keyframes around a pose; empty where none overlaps.
   *
   * @param predicted where the frame is expected
   */
  public Optional<Alignment> align(RgbdFrame frame, SE3 predicted) {
    FramePyramid pyramid = FramePyramid.of(camera, frame.depthMetres(), frame.rgb());
    List<Candidate> candidates =
        keyframes.all().stream()
            .map(keyframe -> new Candidate(keyframe, overlap(pyramid, predicted, keyframe)))
            .filter(candidate -> candidate.overlap > 0)
            .sorted(Comparator.comparingDouble(candidate -> -candidate.overlap))
            .toList();
    boolean doubt =
        candidates.stream()
            .anyMatch(c -> !isDoubted(c.keyframe) && c.overlap >= PoseJudgement.UNCERTAIN_OVERLAP);
    List<ReferenceView> references =
        candidates.stream()
            .filter(candidate -> !doubt || !isDoubted(candidate.keyframe))
            .limit(config.references())
            .map(candidate -> view(candidate.keyframe))
            .toList();
    return references.isEmpty()
        ? Optional.empty()
        : Optional.of(aligner.align(pyramid, references, predicted));
  }

  private boolean isDoubted(Keyframe keyframe) {
    return keyframe.id() < doubtedBefore;
  }

  /**
   * Aligns a keyframe with another alone: what the two say of their relative pose, whatever the
   * others hold.
   *
   * @param predicted where {@code keyframe} is expected, the reference being where it is
   * @return empty unless a frame could be relied on that is aligned like this, wherever it was
   *     expected ({@link PoseJudgement#ofAlignment(Alignment)})
   */
  public Optional<Alignment> align(Keyframe keyframe, Keyframe reference, SE3 predicted) {
    Alignment aligned = aligner.align(pyramid(keyframe), List.of(view(reference)), predicted);
    return PoseJudgement.ofAlignment(aligned).status() == TrackingStatus.TRACKING
        ? Optional.of(aligned)
        : Optional.empty();
  }

  /** Share of a keyframe's readings that lie on surfaces that another sees, 0..1. */
  public double overlap(Keyframe keyframe, Keyframe other) {
    return overlap(pyramid(keyframe), keyframe.worldFromCamera(), other);
  }

  private double overlap(FramePyramid frame, SE3 pose, Keyframe keyframe) {
    SE3 keyframeFromCamera = keyframe.worldFromCamera().inverse().times(pose);
    FramePyramid.Level coarsest = frame.levels().getLast();
    return ViewOverlap.share(
        coarsest.camera(),
        coarsest.depthMetres(),
        pyramid(keyframe).levels().getLast().depthMetres(),
        keyframeFromCamera);
  }

  private ReferenceView view(Keyframe keyframe) {
    return new ReferenceView(pyramid(keyframe), keyframe.worldFromCamera());
  }

  private FramePyramid pyramid(Keyframe keyframe) {
    return pyramids.computeIfAbsent(
        keyframe.id(),
        id -> FramePyramid.of(camera, keyframe.frame().depthMetres(), keyframe.frame().rgb()));
  }

  /** Whether no keyframe was taken near a pose, as near as the configuration says. */
  public boolean isNewView(SE3 worldFromCamera) {
    return keyframes.all().stream()
        .filter(keyframe -> !isDoubted(keyframe))
        .noneMatch(keyframe -> isNear(keyframe.worldFromCamera(), worldFromCamera));
  }

  /** Whether two poses are so near each other that one keyframe does for both. */
  private boolean isNear(SE3 a, SE3 b) {
    SE3 moved = a.inverse().times(b);
    return moved.translationNorm() <= config.keyframeMetres()
        && Math.toDegrees(moved.rotationAngle()) <= config.keyframeDegrees();
  }
}
