package io.roomfield.slam.tracking;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.PixelSampler.Among;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.SplittableRandom;
import org.ejml.simple.SimpleMatrix;

/**
 * Tracks the camera against a picture of the map: predict, draw pixels, optimise the pose, judge it
 * (NICE-SLAM, section 3.3; algorithm, section 4). For one thread.
 */
public final class Tracker {
  /** Below these shares of agreeing pixels a frame is lost, or uncertain. */
  private static final double LOST_INLIER_SHARE = 0.2;

  private static final double UNCERTAIN_INLIER_SHARE = 0.5;

  /** Above this deviation the map leaves a direction open. */
  private static final double UNCERTAIN_STDDEV_METRES = 0.05;

  /** Prior information that keeps the normal matrix invertible: a deviation of a kilometre. */
  private static final double PRIOR_INFORMATION = 1e-6;

  private final PixelSampler sampler;
  private final PoseOptimizer optimizer;
  private final MotionModel motion;
  private final RayBatch rays;
  private final int pixels;
  private final long seed;

  /**
   * @param initial pose of the first frame
   * @param seed of the pixel draws
   */
  public Tracker(
      TrackingConfig config,
      RenderSettings settings,
      PinholeCamera camera,
      ComputeBackend backend,
      SE3 initial,
      long seed) {
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
    motion.observe(worldFromCamera);
    motion.stop();
    return new TrackingResult(
        frame.sequenceNumber(),
        frame.timestampNanos(),
        worldFromCamera,
        TrackingStatus.TRACKING,
        "",
        new double[36],
        0,
        0,
        0);
  }

  /** Tracks one frame. */
  public TrackingResult track(RgbdFrame frame, SceneField map) {
    long start = System.nanoTime();
    FramePixels pixelsOfFrame = FramePixels.of(frame.depthMetres(), frame.rgb());
    SplittableRandom random =
        new SplittableRandom(seed ^ (frame.sequenceNumber() * 0x9E3779B97F4A7C15L));
    SE3 predicted = motion.predict();

    rays.frameMaxDepth[0] = pixelsOfFrame.maxDepthMetres();
    PoseOptimizer.Estimate estimate =
        optimizer.optimise(
            map,
            predicted,
            rays,
            () -> {
              rays.count = 0;
              rays.seed = random.nextLong();
              sampler.draw(pixelsOfFrame, Among.WITH_READING, pixels, 0, random, rays);
            });

    double[] covariance = covariance(estimate.information());
    String doubt = doubt(estimate, covariance);
    boolean lost = !(estimate.inlierShare() >= LOST_INLIER_SHARE);
    SE3 pose = lost ? predicted : estimate.worldFromCamera();
    motion.observe(pose);
    if (lost) {
      motion.stop();
    }
    TrackingStatus status =
        lost
            ? TrackingStatus.LOST
            : doubt.isEmpty() ? TrackingStatus.TRACKING : TrackingStatus.UNCERTAIN;
    BatchLosses losses = estimate.losses();
    return new TrackingResult(
        frame.sequenceNumber(),
        frame.timestampNanos(),
        pose,
        status,
        doubt,
        covariance,
        losses.meanDepth(),
        losses.meanColour(),
        (System.nanoTime() - start) / 1e6);
  }

  /** Why a pose is to be doubted, in words; empty where it is not. */
  private static String doubt(PoseOptimizer.Estimate estimate, double[] covariance) {
    if (!(estimate.inlierShare() >= UNCERTAIN_INLIER_SHARE)) {
      return "the map explains the depth of %.0f %% of the pixels (expected: at least %.0f %%)"
          .formatted(100 * estimate.inlierShare(), 100 * UNCERTAIN_INLIER_SHARE);
    }
    double stddev = Math.sqrt(covariance[0] + covariance[7] + covariance[14]);
    if (!(stddev <= UNCERTAIN_STDDEV_METRES)) {
      return "a direction is left open: position known to %.3f m (expected: %.3f m)"
          .formatted(stddev, UNCERTAIN_STDDEV_METRES);
    }
    return "";
  }

  private static double[] covariance(double[] information) {
    SimpleMatrix normal = new SimpleMatrix(6, 6, true, information);
    if (normal.hasUncountable()) {
      return SimpleMatrix.identity(6).scale(Double.NaN).getDDRM().getData();
    }
    return normal
        .plus(SimpleMatrix.identity(6).scale(PRIOR_INFORMATION))
        .invert()
        .getDDRM()
        .getData();
  }
}
