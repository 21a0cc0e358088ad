package io.roomfield.slam.tracking;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.alignment.Alignment;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.PixelSampler.Among;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tracks the camera: predict, align with keyframes, refine against a picture of the map, judge
 * (NICE-SLAM, section 3.3; algorithm, section 4; the {@link FrontEnd} is ours). For one thread.
 */
public final class Tracker {
  /** A place is the right one if the map renders this share of the frame's depth there. */
  private static final double VERIFIED_SHARE = 0.5;

  private final Optional<FrontEnd> frontEnd;
  private final PixelSampler sampler;
  private final PoseOptimizer optimizer;
  private final MotionModel motion;
  private final RayBatch rays;
  private final int pixels;
  private final long seed;
  private boolean isLost;
  private SE3 mapFromOdometry = SE3.IDENTITY;
  private TrackingDetail detail = TrackingDetail.NONE;

  /**
   * @param frontEnd empty where the map's rendering alone finds the pose, as published
   * @param initial pose of the first frame
   * @param seed of the pixel draws
   */
  public Tracker(
      TrackingConfig config,
      RenderSettings settings,
      PinholeCamera camera,
      ComputeBackend backend,
      Optional<FrontEnd> frontEnd,
      SE3 initial,
      long seed) {
    this.frontEnd = frontEnd;
    sampler = new PixelSampler(camera, borderFor(config, camera));
    optimizer = new PoseOptimizer(backend, settings, config);
    motion = new MotionModel(initial);
    rays = new RayBatch(config.pixels());
    pixels = config.pixels();
    this.seed = seed;
  }

  /** The presets' borders are for 640x480; a smaller image keeps at least three quarters. */
  private static int borderFor(TrackingConfig config, PinholeCamera camera) {
    return Math.min(config.borderPixels(), Math.min(camera.width(), camera.height()) / 4);
  }

  /** The first frame: its pose is given, the map is empty. */
  public TrackingResult first(RgbdFrame frame, SE3 worldFromCamera) {
    motion.observe(worldFromCamera, frame.timestampNanos());
    motion.stop();
    detail = TrackingDetail.NONE;
    return new TrackingResult(
        frame.sequenceNumber(),
        frame.timestampNanos(),
        worldFromCamera,
        mapFromOdometry,
        TrackingStatus.TRACKING,
        "",
        true,
        new double[36],
        0,
        0,
        0);
  }

  /**
   * Tracks one frame. A lost one is where the motion model puts it; the frames after it are lost as
   * well until one is surely found, as what is near a stale prediction is often another place.
   *
   * @param map null as long as there is none, where there is a front end
   */
  public TrackingResult track(RgbdFrame frame, SceneField map) {
    SE3 predicted = motion.predict(frame.timestampNanos());
    Attempt attempt = trackNear(frame, map, predicted);
    TrackingResult result =
        isLost && !attempt.isVerified() ? attempt.result.lostAt(predicted) : attempt.result;
    motion.observe(result.worldFromCamera(), frame.timestampNanos());
    isLost = result.status() == TrackingStatus.LOST;
    if (isLost) {
      motion.stop();
    }
    return result;
  }

  /** How the last frame was tracked; of a camera that was looked for, in the last place. */
  public TrackingDetail detail() {
    return detail;
  }

  /** What another tracker needs to go on; between two frames. */
  public TrackerState state() {
    return motion.state(isLost, mapFromOdometry);
  }

  /** Goes on from there. */
  public void restore(TrackerState state) {
    motion.restore(state);
    isLost = state.lost();
    mapFromOdometry = state.mapFromOdometry();
  }

  /** Follows the map when a closed loop moves what the camera sees. */
  public void moved(SE3 newFromOld) {
    motion.moved(newFromOld);
    mapFromOdometry = newFromOld.times(mapFromOdometry).normalised();
  }

  /**
   * Tracks a frame of a lost camera from where it may be.
   *
   * @return the first pose that can be relied on; empty if there is none, and nothing has changed
   */
  public Optional<TrackingResult> relocalise(
      RgbdFrame frame, SceneField map, List<PlaceHypothesis> hypotheses) {
    Optional<TrackingResult> found =
        hypotheses.stream()
            .map(hypothesis -> trackAt(frame, map, hypothesis))
            .flatMap(Optional::stream)
            .findFirst();
    found.ifPresent(
        result -> {
          motion.observe(result.worldFromCamera(), frame.timestampNanos());
          motion.stop();
          isLost = false;
        });
    return found;
  }

  /**
   * Two witnesses are needed: keyframes' surfaces, and the map or features. The map says nothing
   * where the camera stands in space that it does not have, however much of it is in view. Features
   * must say the pose at which surfaces agree: TRACKING is near where it was expected.
   */
  private Optional<TrackingResult> trackAt(
      RgbdFrame frame, SceneField map, PlaceHypothesis hypothesis) {
    Attempt attempt = trackNear(frame, map, hypothesis.worldFromCamera());
    boolean certain = attempt.result.status() == TrackingStatus.TRACKING;
    return attempt.isVerified() || (hypothesis.recognised() && certain)
        ? Optional.of(attempt.result)
        : Optional.empty();
  }

  /**
   * A frame tracked from one place.
   *
   * @param rendered share of its depth that the map renders there as well
   */
  private record Attempt(TrackingResult result, double rendered) {
    /**
     * Keyframes do not deny it, and the map says so: at right places of disturbed runs of the
     * office it renders 0.7 of the depth and more, at wrong ones at most 0.3.
     */
    boolean isVerified() {
      return result.status() != TrackingStatus.LOST && rendered >= VERIFIED_SHARE;
    }
  }

  private Attempt trackNear(RgbdFrame frame, SceneField map, SE3 predicted) {
    long start = System.nanoTime();
    detail = TrackingDetail.NONE;
    FramePixels pixelsOfFrame = FramePixels.of(frame.depthMetres(), frame.rgb());
    if (pixelsOfFrame.maxDepthMetres() == 0) {
      return lost(frame, predicted, "no depth reading can be relied on", start);
    }
    long alignmentStart = System.nanoTime();
    Optional<Alignment> aligned = frontEnd.flatMap(f -> f.align(frame, predicted));
    double alignmentMillis = frontEnd.isEmpty() ? 0 : (System.nanoTime() - alignmentStart) / 1e6;
    detail = new TrackingDetail(alignmentMillis, Double.NaN);
    if (frontEnd.isPresent() && aligned.isEmpty()) {
      return lost(frame, predicted, "no keyframe has seen what the frame shows", start);
    }
    SE3 pose = aligned.map(Alignment::worldFromCamera).orElse(predicted);
    PoseOptimizer.Estimate estimate =
        map == null ? PoseOptimizer.withoutMap(pose) : refine(frame, pixelsOfFrame, map, pose);
    detail = new TrackingDetail(alignmentMillis, map == null ? Double.NaN : estimate.inlierShare());
    PoseJudgement judgement =
        aligned
            .map(found -> PoseJudgement.ofAlignment(found, predicted))
            .orElseGet(() -> PoseJudgement.ofRendering(estimate));
    boolean lost = judgement.status() == TrackingStatus.LOST;
    TrackingResult result =
        new TrackingResult(
            frame.sequenceNumber(),
            frame.timestampNanos(),
            lost ? predicted : estimate.worldFromCamera(),
            mapFromOdometry,
            judgement.status(),
            judgement.reason(),
            PoseJudgement.isAsPredicted(estimate.worldFromCamera(), predicted),
            judgement.covariance(),
            estimate.losses().meanDepth(),
            estimate.losses().meanColour(),
            (System.nanoTime() - start) / 1e6);
    return new Attempt(result, estimate.inlierShare());
  }

  private Attempt lost(RgbdFrame frame, SE3 predicted, String reason, long start) {
    double[] unknown = new double[36];
    Arrays.fill(unknown, Double.NaN);
    TrackingResult result =
        new TrackingResult(
            frame.sequenceNumber(),
            frame.timestampNanos(),
            predicted,
            mapFromOdometry,
            TrackingStatus.LOST,
            reason,
            true,
            unknown,
            Double.NaN,
            Double.NaN,
            (System.nanoTime() - start) / 1e6);
    return new Attempt(result, 0);
  }

  private PoseOptimizer.Estimate refine(
      RgbdFrame frame, FramePixels pixelsOfFrame, SceneField map, SE3 start) {
    SplittableRandom random =
        new SplittableRandom(seed ^ (frame.sequenceNumber() * 0x9E3779B97F4A7C15L));
    rays.frameMaxDepth[0] = pixelsOfFrame.maxDepthMetres();
    return optimizer.optimise(
        map,
        start,
        rays,
        () -> {
          rays.count = 0;
          rays.seed = random.nextLong();
          sampler.draw(pixelsOfFrame, Among.WITH_READING, pixels, 0, random, rays);
        });
  }
}
