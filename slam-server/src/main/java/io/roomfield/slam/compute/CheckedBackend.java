package io.roomfield.slam.compute;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;

/**
 * The facade before a provider: checks every call's shapes once, so that providers only compute.
 * Every method throws {@link IllegalArgumentException} that says what was expected and what came.
 */
final class CheckedBackend implements ComputeBackend {
  private static final int COLOUR_CHANNELS = 3;

  private final ComputeBackend provider;

  CheckedBackend(ComputeBackend provider) {
    this.provider = provider;
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public String description() {
    return provider.description();
  }

  @Override
  public int lanes() {
    return provider.lanes();
  }

  @Override
  public ComputeBackend withLanes(int lanes) {
    if (lanes <= 0) {
      throw new IllegalArgumentException("lanes: %d (expected: > 0)".formatted(lanes));
    }
    return new CheckedBackend(provider.withLanes(lanes));
  }

  @Override
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    checkField(field, stage);
    checkRays(rays);
    checkAtLeast("rendered rays' capacity", out.capacity(), rays.count, "the batch's rays");
    provider.render(field, stage, rays, settings, out);
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
    checkField(field, stage);
    checkRays(rays);
    if (fieldGradient != null) {
      checkFieldGradient(field, fieldGradient);
    }
    if (poseGradient != null) {
      checkAtLeast("pose gradient's capacity", poseGradient.capacity(), rays.count, "rays");
    }
    if (out != null) {
      checkAtLeast("rendered rays' capacity", out.capacity(), rays.count, "rays");
    }
    return provider.backward(
        field, stage, rays, settings, objective, fieldGradient, poseGradient, out);
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    checkField(field, stage);
    check(count >= 0, "points: %d (expected: >= 0)", count);
    checkAtLeast("points' coordinates", points.length, 3L * count, "3 a point");
    checkAtLeast("logits", logits.length, count, "1 a point");
    check(
        stage.readsColour() == (colours != null),
        "stage %s: colours %s (expected: an array at the colour stage, null elsewhere)",
        stage,
        colours == null ? "null" : "given");
    if (colours != null) {
      checkAtLeast("colours", colours.length, 3L * count, "3 a point");
    }
    provider.evaluate(field, stage, points, count, logits, colours);
  }

  @Override
  public LatticeSurface surface(SceneField field, OccupancyLattice lattice) {
    checkField(field, FieldStage.FINE);
    return provider.surface(field, lattice);
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    check(!stage.readsColour(), "occupancy: stage %s (expected: one without colour)", stage);
    checkField(field, stage);
    checkFieldGradient(field, gradient);
    checkTargets(targets);
    return provider.occupancyBackward(field, stage, targets, gradient);
  }

  private static void checkTargets(OccupancyTargets targets) {
    check(
        targets.count >= 0 && targets.count <= targets.capacity(),
        "occupancy targets: %d points (expected: 0 to their capacity, %d)",
        targets.count,
        targets.capacity());
    for (int i = 0; i < targets.count; i++) {
      float target = targets.target[i];
      // Not through check(), as for rays. What is not a number passes through.
      if (target < 0 || target > 1 || targets.weight[i] < 0) {
        throw new IllegalArgumentException(
            "occupancy target %d: %s with weight %s (expected: 0 to 1, weight >= 0)"
                .formatted(i, target, targets.weight[i]));
      }
    }
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    checkNetwork(network, inputs, count);
    checkRows("network: outputs", outputs, count, network.shape().outputs());
    provider.apply(network, inputs, count, outputs);
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    checkNetwork(network, inputs, count);
    checkRows("network: output gradients", outputGradient, count, network.shape().outputs());
    checkAtLeast("network: weight gradients", weightGradient.length, lanes(), "1 a lane");
    for (int lane = 0; lane < lanes(); lane++) {
      checkSame(
          "network: weight gradients of lane " + lane,
          weightGradient[lane].length,
          network.weights().length,
          "weights");
    }
    provider.applyBackward(network, inputs, count, outputGradient, weightGradient);
  }

  private static void checkNetwork(Decoder network, float[] inputs, int count) {
    int encoding = network.shape().encodingSize();
    check(encoding == 0, "network: encoding of size %d (expected: none)", encoding);
    check(count >= 0, "network: %d rows (expected: >= 0)", count);
    checkRows("network: inputs", inputs, count, network.shape().featureChannels());
  }

  private static void checkRows(String what, float[] rows, int count, int columns) {
    checkAtLeast(what, rows.length, (long) count * columns, columns + " a row");
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    int length = parameters.length;
    check(step.iteration() >= 1, "Adam: iteration %d (expected: >= 1)", step.iteration());
    checkSame("Adam: first moments", first.length, length, "parameters");
    checkSame("Adam: second moments", second.length, length, "parameters");
    for (int lane = 0; lane < gradients.length; lane++) {
      checkSame("Adam: gradients of lane " + lane, gradients[lane].length, length, "parameters");
    }
    if (mask != null) {
      int bits = Long.SIZE * mask.length;
      check(
          bits > 0 && length % bits == 0,
          "Adam: %d parameters (expected: a multiple of the mask's %d bits)",
          length,
          bits);
    }
    provider.adam(step, parameters, gradients, first, second, mask);
  }

  @Override
  public FieldOptimizer optimizer(SceneField field, boolean keepMoments) {
    return provider.optimizer(field, keepMoments);
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    checkAtLeast("fused blocks' changes", changed.length, blocks.length, "1 a block");
    for (int block : blocks) {
      // Not through check(): its arguments would be boxed for every block of every frame.
      if (block < 0 || block >= map.blockCount()) {
        throw new IllegalArgumentException(
            "fused block: %d (expected: 0 to %d)".formatted(block, map.blockCount() - 1));
      }
    }
    provider.fuse(map, blocks, frame, changed);
  }

  @Override
  public void close() {
    provider.close();
  }

  private static void checkRays(RayBatch rays) {
    check(
        rays.count >= 0 && rays.count <= rays.capacity(),
        "ray batch: %d rays (expected: 0 to its capacity, %d)",
        rays.count,
        rays.capacity());
    checkSame("ray batch: frame depths", rays.frameMaxDepth.length, rays.poses.length, "poses");
    for (int pose = 0; pose < rays.poses.length; pose++) {
      check(rays.poses[pose] != null, "ray batch: pose %d is null (expected: a pose)", pose);
      check(
          rays.frameMaxDepth[pose] > 0,
          "ray batch: largest depth of frame %d is %s (expected: > 0 m)",
          pose,
          rays.frameMaxDepth[pose]);
    }
    for (int ray = 0; ray < rays.count; ray++) {
      int pose = rays.pose[ray];
      // Not through check(): its arguments would be boxed for every ray of every call.
      if (pose < 0 || pose >= rays.poses.length) {
        throw new IllegalArgumentException(
            "ray %d: pose %d (expected: 0 to %d)".formatted(ray, pose, rays.poses.length - 1));
      }
    }
  }

  private static void checkField(SceneField field, FieldStage stage) {
    if (stage == FieldStage.COARSE) {
      checkDecoder(stage, "coarse", field.coarse(), field.coarseDecoder(), 1);
      checkFeatures("coarse", field.coarseDecoder(), field.coarse().channels());
      return;
    }
    if (field.isJoint()) {
      checkColour(field, stage, SceneField.JOINT_OUTPUTS);
      return;
    }
    checkDecoder(stage, "mid", field.mid(), field.midDecoder(), 1);
    checkFeatures("mid", field.midDecoder(), field.mid().channels());
    if (stage.readsFine()) {
      checkDecoder(stage, "fine", field.fine(), field.fineDecoder(), 1);
      int channels = field.fine().channels() + field.mid().channels();
      checkFeatures("fine", field.fineDecoder(), channels);
    }
    if (stage.readsColour()) {
      checkColour(field, stage, COLOUR_CHANNELS);
    }
  }

  private static void checkColour(SceneField field, FieldStage stage, int outputs) {
    checkDecoder(stage, "colour", field.colour(), field.colourDecoder(), outputs);
    checkFeatures("colour", field.colourDecoder(), field.colour().channels());
  }

  private static void checkDecoder(
      FieldStage stage, String level, FeatureGrid grid, Decoder decoder, int outputs) {
    check(grid != null, "stage %s: no %s grid (expected: one)", stage, level);
    check(decoder != null, "stage %s: no %s decoder (expected: one)", stage, level);
    check(
        decoder.shape().outputs() == outputs,
        "%s decoder: %d outputs (expected: %d)",
        level,
        decoder.shape().outputs(),
        outputs);
  }

  private static void checkFeatures(String level, Decoder decoder, int channels) {
    check(
        decoder.shape().featureChannels() == channels,
        "%s decoder: reads %d features (expected: %d, the channels of its grids)",
        level,
        decoder.shape().featureChannels(),
        channels);
  }

  private void checkFieldGradient(SceneField field, FieldGradient gradient) {
    check(
        gradient.lanes() >= lanes(),
        "field gradient: %d lanes (expected: at least %d, as backend %s has)",
        gradient.lanes(),
        lanes(),
        name());
    for (FieldLevel level : FieldLevel.values()) {
      float[] weights = gradient.weights(level, 0);
      Decoder decoder = field.decoder(level);
      int expected = decoder == null ? 0 : decoder.shape().weightCount();
      check(
          weights == null || weights.length == expected,
          "field gradient: %s weights of level %s (expected: as many as its decoder has, %d)",
          weights == null ? 0 : weights.length,
          level,
          expected);
    }
  }

  private static void checkAtLeast(String what, long came, long expected, String of) {
    check(came >= expected, "%s: %d (expected: at least %d, %s)", what, came, expected, of);
  }

  private static void checkSame(String what, int came, int expected, String of) {
    check(came == expected, "%s: %d (expected: %d, as many as %s)", what, came, expected, of);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would need a dependency of its own
  private static void check(boolean condition, String format, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(format.formatted(arguments));
    }
  }
}
