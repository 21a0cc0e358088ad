package io.roomfield.slam.compute;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Central differences of the oracle's losses, which it sums in double precision: with steps of 1e-6
 * (floats) and 1e-7 (poses) they are good to about 1e-9 and 1e-8 by rounding, and hardly any of a
 * hundred thousand rectifiers lies within a step of its kink.
 *
 * @param loss which of the losses to differentiate
 */
record NumericalGradient(
    SceneField field,
    FieldStage stage,
    RayBatch rays,
    RenderSettings settings,
    Objective objective,
    ToDoubleFunction<BatchLosses> loss) {

  /** A power of two, so that a float moves by it exactly or nearly so. */
  private static final float FLOAT_STEP = 0x1p-20f;

  private static final double POSE_STEP = 1e-7;

  /** Derivative by one float of the field: a feature or a weight. Restores it. */
  double byFloat(float[] values, int at) {
    return byFloat(values, at, () -> evaluate(rays));
  }

  /** Derivative of any loss by one float. Restores it. */
  static double byFloat(float[] values, int at, DoubleSupplier loss) {
    float saved = values[at];
    float above = saved + FLOAT_STEP;
    float below = saved - FLOAT_STEP;
    values[at] = above;
    double lossAbove = loss.getAsDouble();
    values[at] = below;
    double lossBelow = loss.getAsDouble();
    values[at] = saved;
    return (lossAbove - lossBelow) / ((double) above - below);
  }

  /**
   * Derivative {@code [6]} by the twist of one ray's pose. Losses are sums over rays, so the other
   * rays, whose poses stay, need not be rendered. Without jitter, which goes by a ray's number.
   */
  double[] byPoseOf(int ray) {
    RayBatch alone = only(ray);
    SE3 pose = alone.poses[0];
    double[] gradient = new double[6];
    for (int k = 0; k < 6; k++) {
      alone.poses[0] = perturbed(pose, k, POSE_STEP);
      double above = evaluate(alone);
      alone.poses[0] = perturbed(pose, k, -POSE_STEP);
      double below = evaluate(alone);
      gradient[k] = (above - below) / (2 * POSE_STEP);
    }
    return gradient;
  }

  private RayBatch only(int ray) {
    RayBatch alone = new RayBatch(1);
    alone.count = 1;
    alone.directionX[0] = rays.directionX[ray];
    alone.directionY[0] = rays.directionY[ray];
    alone.depth[0] = rays.depth[ray];
    System.arraycopy(rays.colour, 3 * ray, alone.colour, 0, 3);
    alone.poses = new SE3[] {rays.poses[rays.pose[ray]]};
    alone.frameMaxDepth = new float[] {rays.frameMaxDepth[rays.pose[ray]]};
    return alone;
  }

  private double evaluate(RayBatch rays) {
    try (ScalarBackend oracle = new ScalarBackend()) {
      return loss.applyAsDouble(
          oracle.backward(field, stage, rays, settings, objective, null, null, null));
    }
  }

  private static SE3 perturbed(SE3 pose, int k, double step) {
    double[] twist = new double[6];
    twist[k] = step;
    return pose.perturbed(twist[0], twist[1], twist[2], twist[3], twist[4], twist[5]);
  }
}
