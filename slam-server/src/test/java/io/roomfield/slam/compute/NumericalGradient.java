package io.roomfield.slam.compute;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
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
    float saved = values[at];
    float above = saved + FLOAT_STEP;
    float below = saved - FLOAT_STEP;
    values[at] = above;
    double lossAbove = evaluate();
    values[at] = below;
    double lossBelow = evaluate();
    values[at] = saved;
    return (lossAbove - lossBelow) / ((double) above - below);
  }

  /** Derivative {@code [6]} by the twist of one of the batch's poses. Restores it. */
  double[] byPose(int pose) {
    SE3 saved = rays.poses[pose];
    double[] gradient = new double[6];
    for (int k = 0; k < 6; k++) {
      rays.poses[pose] = perturbed(saved, k, POSE_STEP);
      double above = evaluate();
      rays.poses[pose] = perturbed(saved, k, -POSE_STEP);
      double below = evaluate();
      gradient[k] = (above - below) / (2 * POSE_STEP);
    }
    rays.poses[pose] = saved;
    return gradient;
  }

  private double evaluate() {
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
