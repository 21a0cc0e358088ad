package io.roomfield.slam.rpc;

import io.roomfield.slam.compute.ComputeBackend;
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
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;

/** A backend for servers whose engines are fake: it has a name, and computes nothing. */
public class IdleBackend implements ComputeBackend {
  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String description() {
    return "idle (0 threads)";
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
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    throw new UnsupportedOperationException("render");
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
    throw new UnsupportedOperationException("backward");
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    throw new UnsupportedOperationException("evaluate");
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    throw new UnsupportedOperationException("occupancyBackward");
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    throw new UnsupportedOperationException("apply");
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    throw new UnsupportedOperationException("applyBackward");
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    throw new UnsupportedOperationException("adam");
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    throw new UnsupportedOperationException("fuse");
  }

  @Override
  public void close() {}
}
