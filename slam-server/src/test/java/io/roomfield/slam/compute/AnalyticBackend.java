package io.roomfield.slam.compute;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;

/**
 * A backend whose map is a signed distance (metres, positive outside) instead of the grids: the
 * logit is a multiple of its negative, and the colour is the position. For tests of what only reads
 * maps.
 */
public class AnalyticBackend implements ComputeBackend {
  /** Logit per metre: occupancy goes from 0.01 to 0.99 within 2.3 cm. */
  private static final double LOGIT_PER_METRE = 400;

  /** A signed distance in metres. */
  @FunctionalInterface
  public interface Distance {
    double at(double x, double y, double z);

    static Distance sphere(double cx, double cy, double cz, double radius) {
      return (x, y, z) ->
          Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy) + (z - cz) * (z - cz)) - radius;
    }

    default Distance or(Distance other) {
      return (x, y, z) -> Math.min(at(x, y, z), other.at(x, y, z));
    }
  }

  private final Distance distance;

  public AnalyticBackend(Distance distance) {
    this.distance = distance;
  }

  /** The colour of a position: each coordinate from -1..1 m to 0..1. */
  public static float colour(double coordinate) {
    return (float) (0.5 + 0.5 * coordinate);
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    for (int i = 0; i < count; i++) {
      double d = distance.at(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
      logits[i] = (float) (-LOGIT_PER_METRE * d / FieldStage.OCCUPANCY_SHARPNESS);
    }
    for (int i = 0; i < 3 * count && stage.readsColour(); i++) {
      colours[i] = colour(points[i]);
    }
  }

  @Override
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    int first = settings.firstPassSamples();
    float[] z = new float[settings.samples()];
    float[] weights = new float[settings.samples()];
    for (int ray = 0; ray < rays.count; ray++) {
      RaySampler.sample(rays, ray, settings, z, 0);
      composite(rays, ray, z, first, weights, out);
      RaySampler.resample(z, 0, first, settings.importanceSamples(), weights, 0);
      composite(rays, ray, z, settings.samples(), weights, out);
    }
  }

  private void composite(
      RayBatch rays, int ray, float[] z, int samples, float[] weights, RenderedRays out) {
    SE3 pose = rays.poses[rays.pose[ray]];
    out.depth[ray] = 0;
    out.opacity[ray] = 0;
    for (int channel = 0; channel < 3; channel++) {
      out.colour[3 * ray + channel] = 0;
    }
    for (int i = 0; i < samples; i++) {
      double[] p = pose.apply(rays.directionX[ray] * z[i], rays.directionY[ray] * z[i], z[i]);
      double occupancy = 1 / (1 + Math.exp(LOGIT_PER_METRE * distance.at(p[0], p[1], p[2])));
      weights[i] = (float) (occupancy * (1 - out.opacity[ray]));
      out.opacity[ray] += weights[i];
      out.depth[ray] += weights[i] * z[i];
      for (int channel = 0; channel < 3; channel++) {
        out.colour[3 * ray + channel] += weights[i] * colour(p[channel]);
      }
    }
    out.variance[ray] = 0;
    for (int i = 0; i < samples; i++) {
      float apart = out.depth[ray] - z[i];
      out.variance[ray] += weights[i] * apart * apart;
    }
  }

  @Override
  public BatchLosses backward(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      Objective objective,
      FieldGradient fieldGradient,
      PoseGradient poseGradient,
      RenderedRays out) {
    throw new UnsupportedOperationException("an analytic field has no gradients");
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    throw new UnsupportedOperationException("an analytic field has no gradients");
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    throw new UnsupportedOperationException("an analytic field has no networks");
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    throw new UnsupportedOperationException("an analytic field has no networks");
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    throw new UnsupportedOperationException("an analytic field has no parameters");
  }

  @Override
  public String name() {
    return "analytic";
  }

  @Override
  public String description() {
    return "analytic (a signed distance)";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public ComputeBackend withLanes(int lanes) {
    return this;
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    throw new UnsupportedOperationException("an analytic field is not fused");
  }

  @Override
  public void close() {}
}
