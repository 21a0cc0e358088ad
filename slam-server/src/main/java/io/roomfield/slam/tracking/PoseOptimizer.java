package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.Arrays;

/**
 * Finds the pose at which the map renders a frame best: gradient steps on the tracking loss,
 * keeping the pose of the lowest loss (NICE-SLAM, section 3.3, eq. 12).
 */
final class PoseOptimizer {
  /**
   * The best pose found.
   *
   * @param worldFromCamera the pose
   * @param losses at it
   * @param information {@code [6, 6]}: sum over rays of the outer product of their loss gradients,
   *     the empirical Fisher information of the Laplacian residuals
   * @param inlierShare share of the drawn pixels whose rendered depth agrees with their reading
   */
  record Estimate(
      SE3 worldFromCamera, BatchLosses losses, double[] information, double inlierShare) {}

  /** Where there is no map yet, a pose stays where it is; its losses are NaN. */
  static Estimate withoutMap(SE3 worldFromCamera) {
    return new Estimate(
        worldFromCamera, new BatchLosses(Double.NaN, 0, 0, 0, 0, 0), new double[36], 0);
  }

  /** A reading agrees with the map within this share of it, and at least the absolute bound. */
  private static final float INLIER_RELATIVE = 0.05f;

  private static final float INLIER_METRES = 0.05f;

  private final ComputeBackend backend;
  private final RenderSettings settings;
  private final TrackingConfig config;
  private final Objective objective;
  private final FieldStage stage;
  private final PoseGradient gradient;
  private final RenderedRays rendered;

  PoseOptimizer(ComputeBackend backend, RenderSettings settings, TrackingConfig config) {
    this.backend = backend;
    this.settings = settings;
    this.config = config;
    objective =
        Objective.tracking(
            (float) config.colourWeight(),
            (float) config.outlierFactor(),
            (float) config.varianceFloor());
    stage = config.colourWeight() > 0 ? FieldStage.COLOUR : FieldStage.FINE;
    gradient = new PoseGradient(config.pixels());
    rendered = new RenderedRays(config.pixels());
  }

  /**
   * Optimises from {@code start}.
   *
   * @param drawRays fills the batch for an iteration (its pose is set here)
   */
  Estimate optimise(SceneField field, SE3 start, RayBatch rays, Runnable drawRays) {
    PoseStep step = newStep();
    SE3 pose = start;
    Estimate best = null;
    int drawn = 0;
    for (int i = 0; i < config.iterations(); i++) {
      if (i == 0 || config.resamplePixels()) {
        drawRays.run();
        drawn = rays.count;
        rays.poses[0] = pose;
        dropUnmapped(field, rays);
      }
      rays.poses[0] = pose;
      BatchLosses losses =
          backend.backward(field, stage, rays, settings, objective, null, gradient, rendered);
      double[] information = information(rays.count);
      if (best == null || losses.total() < best.losses.total()) {
        best = new Estimate(pose, losses, information, inlierShare(rays, drawn));
      }
      pose = step.next(new PoseStep.Evaluation(pose, losses, gradient.sum(rays, 0), information));
    }
    return best;
  }

  private PoseStep newStep() {
    return switch (config.optimiser()) {
      case ADAM ->
          new AdamPoseStep(
              config.learningRate(), config.learningRate() * config.rotationRateFactor());
      case NATURAL_GRADIENT -> new NaturalGradientStep();
    };
  }

  private double[] information(int rays) {
    double[] sum = new double[36];
    float[] g = gradient.perRay();
    for (int ray = 0; ray < rays; ray++) {
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          sum[6 * i + j] += (double) g[6 * ray + i] * g[6 * ray + j];
        }
      }
    }
    return sum;
  }

  /**
   * Leaves out the pixels that the map cannot explain at the first pose, most of which show what
   * has not been mapped yet: their residual says nothing of the pose.
   */
  private void dropUnmapped(SceneField field, RayBatch rays) {
    if (config.unmappedFactor() == 0) {
      return;
    }
    backend.render(field, FieldStage.FINE, rays, settings, rendered);
    float[] errors = new float[rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      errors[ray] = Math.abs(rendered.depth[ray] - rays.depth[ray]);
    }
    float[] sorted = errors.clone();
    Arrays.sort(sorted);
    float median = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    boolean[] mapped = new boolean[rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      float bound = Math.max(INLIER_METRES, INLIER_RELATIVE * rays.depth[ray]);
      mapped[ray] = errors[ray] < Math.max(bound, (float) config.unmappedFactor() * median);
    }
    rays.retain(mapped);
  }

  private double inlierShare(RayBatch rays, int drawn) {
    int inliers = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      float reading = rays.depth[ray];
      float bound = Math.max(INLIER_METRES, INLIER_RELATIVE * reading);
      inliers += Math.abs(rendered.depth[ray] - reading) < bound ? 1 : 0;
    }
    return drawn == 0 ? 0 : (double) inliers / drawn;
  }
}
