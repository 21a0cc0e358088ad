package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Batch;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Gradients;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Outputs;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of rays through the field and back, as launches: sample, decode, composite, losses, and
 * the same in reverse. Rays go to the device in one copy, and what is asked for comes back in one.
 */
final class RenderPass {
  private static final int INFINITY_BITS = Float.floatToIntBits(Float.POSITIVE_INFINITY);
  private static final String RESULTS = "results";
  private static final int LOSS_THREADS = 256;

  /** Sums of losses.cu: total, depth, readings, colour, channels, outliers. */
  private static final int TOTALS = 6;

  private static final int TOTAL_BYTES = TOTALS * Double.BYTES;

  private final Workspace work;
  private final DecodeLaunches decode;
  private final FieldView view;
  private final RayBatch batch;
  private final int count;
  private final int samples;
  private final int firstSamples;
  private final boolean readsColour;
  private final Struct rays;
  private final DeviceBuffer z;
  private DeviceBuffer points;

  /** The level whose activations the forward pass keeps for its weights' gradient, or null. */
  private LevelView recorded;

  /** Totals, depth, variance, opacity, colour and twists, one after the other. */
  private final DeviceBuffer results;

  /**
   * @param batch of one ray at least
   */
  RenderPass(
      Workspace work, FieldView view, FieldStage stage, RayBatch batch, RenderSettings settings) {
    this.work = work;
    this.view = view;
    this.batch = batch;
    decode = new DecodeLaunches(work);
    RenderSettings used = stage == FieldStage.COARSE ? settings.stratifiedOnly() : settings;
    count = batch.count;
    samples = used.samples();
    firstSamples = used.firstPassSamples();
    readsColour = stage.readsColour();
    rays = RayUpload.send(batch, used, work);
    z = work.words("sample depths", (long) count * samples);
    results = work.bytes(RESULTS, resultBytes());
  }

  private int resultBytes() {
    return TOTAL_BYTES + Float.BYTES * count * (3 + 3 + 6);
  }

  private long rendered(int floatsPerRayBefore) {
    return results.pointer() + TOTAL_BYTES + (long) Float.BYTES * count * floatsPerRayBefore;
  }

  private long depth() {
    return rendered(0);
  }

  private long variance() {
    return rendered(1);
  }

  private long opacity() {
    return rendered(2);
  }

  private long colour() {
    return rendered(3);
  }

  private long twists() {
    return rendered(6);
  }

  /**
   * Samples the rays, decodes, and composites.
   *
   * @param target of the backward pass that follows
   */
  void forward(GradientTarget target) {
    recorded = recordable(target);
    work.arguments().struct(rays.padded()).buffer(z);
    work.launch("sample_rays", Workspace.warpEach(count, Float.BYTES * firstSamples));
    if (samples > firstSamples) {
      place(firstSamples);
      decodeAll(firstSamples, false);
      DeviceBuffer weights = work.words("sample weights", (long) count * firstSamples);
      composite(firstSamples, weights.pointer(), false);
      work.arguments().struct(rays.padded()).buffer(weights).buffer(z);
      work.launch("resample_rays", Workspace.warpEach(count, 2 * Float.BYTES * samples));
    }
    place(samples);
    decodeAll(samples, true);
    composite(samples, 0, readsColour);
  }

  /** The one level whose weights take a gradient, if its activations may be kept at once. */
  private LevelView recordable(GradientTarget target) {
    List<LevelView> wanting =
        view.levels().stream().filter(of -> target.weights(of.level()) != 0).toList();
    boolean fits = (long) count * samples <= DecodeLaunches.RECORDED_POINTS;
    return wanting.size() == 1 && fits ? wanting.getFirst() : null;
  }

  private boolean isRecorded(LevelView level) {
    return recorded != null && recorded.level() == level.level();
  }

  private void place(int laid) {
    points = work.words("sample points", 3L * count * laid);
    work.arguments().struct(rays.padded()).buffer(z).i32(samples).i32(laid).buffer(points);
    work.launch("place_points", Grid.covering((long) count * laid, Workspace.THREADS));
  }

  private Batch all(int laid) {
    return new Batch(points.pointer(), 0, count * laid);
  }

  /** Decodes every level that the stage reads; without the colour's own for a first pass. */
  private void decodeAll(int laid, boolean withColour) {
    List<Outputs> levels = new ArrayList<>();
    for (LevelView level : view.levels()) {
      if (withColour || !view.isColour(level)) {
        long kept =
            laid == samples && isRecorded(level)
                ? decode.recordedActivations(level, count * laid)
                : 0;
        levels.add(new Outputs(level, outputs(level, laid), signs(level, laid), kept));
      }
    }
    decode.forward(all(laid), levels);
  }

  private long outputs(LevelView level, int laid) {
    long floats = (long) count * laid * level.outputs();
    return work.words("outputs of " + level.level(), floats).pointer();
  }

  private long signs(LevelView level, int laid) {
    long words = DecodeLaunches.signWords(level.decoder().shape(), count * laid);
    return work.words("signs of " + level.level(), words).pointer();
  }

  /** {@code struct SampleValues} of composite.cuh. */
  private Struct values(int laid, boolean withColour) {
    LevelView base = view.base();
    Struct values = new Struct();
    values.struct(new Struct().address(outputs(base, laid)).i32(base.outputs()));
    LevelView fine = view.fine();
    values.struct(new Struct().address(fine == null ? 0 : outputs(fine, laid)).i32(1));
    values.struct(colourValues(laid, withColour));
    return values.buffer(z).i32(samples, count, laid);
  }

  private Struct colourValues(int laid, boolean withColour) {
    if (!withColour) {
      return new Struct().address(0).i32(0);
    }
    if (view.isJoint()) {
      int stride = view.base().outputs();
      return new Struct().address(outputs(view.base(), laid) + Float.BYTES).i32(stride);
    }
    return new Struct().address(outputs(view.colour(), laid)).i32(3);
  }

  private void composite(int laid, long weights, boolean withColour) {
    Struct out =
        new Struct()
            .address(depth())
            .address(variance())
            .address(opacity())
            .address(colour())
            .address(weights);
    work.arguments().struct(values(laid, withColour).padded()).struct(out.padded());
    work.launch("composite", Workspace.warpEach(count, 0));
  }

  /** The losses of what {@link #forward} rendered, and their derivatives by it. */
  private long losses(Objective objective) {
    DeviceBuffer terms = work.words("depth terms", count + 1L);
    work.fill(terms, INFINITY_BITS, count, 1);
    Struct task =
        new Struct()
            .struct(rays)
            .address(depth())
            .address(variance())
            .address(colour())
            .buffer(terms)
            .address(terms.pointer() + (long) Float.BYTES * count)
            .buffer(work.words("depth gradients", count))
            .buffer(work.words("colour gradients", 3L * count))
            .buffer(work.words("rays that count", count))
            .buffer(results)
            .f32(objective.colourWeight(), objective.outlierFactor(), objective.varianceFloor())
            .i32(objective.uncertaintyWeighted())
            .i32(readsColour);
    Grid perRay = Grid.covering(count, Workspace.THREADS);
    launch("ray_terms", task, perRay);
    if (objective.uncertaintyWeighted() && objective.outlierFactor() > 0) {
      launch("outlier_threshold", task, perRay);
    }
    launch("ray_gradients", task, perRay);
    launch("sum_losses", task, new Grid(1, 1, LOSS_THREADS, TOTALS * LOSS_THREADS * Double.BYTES));
    return work.words("rays that count", count).pointer();
  }

  private void launch(String kernel, Struct task, Grid grid) {
    work.arguments().struct(task.padded());
    work.launch(kernel, grid);
  }

  /** Losses and gradients of what {@link #forward} rendered. */
  void backward(Objective objective, GradientTarget target, boolean wantsPoses) {
    long counts = losses(objective);
    if (target == GradientTarget.NONE && !wantsPoses) {
      return;
    }
    LevelView base = view.base();
    long logits = gradients(base);
    long colours = view.colour() == null ? 0 : gradients(view.colour());
    compositeBackward(counts, logits, view.isJoint() ? logits + Float.BYTES : colours);
    levelsBackward(target, wantsPoses, logits, colours);
    if (recorded != null) {
      weightsBackward(target.weights(recorded.level()));
    }
    if (wantsPoses) {
      work.arguments()
          .struct(rays.padded())
          .buffer(points)
          .buffer(pointGradients())
          .address(counts)
          .i32(samples)
          .i32(view.levels().size())
          .address(twists());
      work.launch("pose_gradient", Workspace.warpEach(count, 0));
    }
  }

  private void levelsBackward(
      GradientTarget target, boolean wantsPoses, long logits, long colours) {
    if (wantsPoses) {
      long floats = view.levels().size() * pointGradientBytes() / Float.BYTES;
      work.fill(pointGradients(), 0, 0, floats);
    }
    long pointGradient = wantsPoses ? pointGradients().pointer() : 0;
    List<Gradients> together = new ArrayList<>();
    for (LevelView level : view.levels()) {
      boolean colour = view.isColour(level);
      Gradients gradients =
          new Gradients(
              level,
              colour ? colours : logits,
              colour ? level.outputs() : view.base().outputs(),
              signs(level, samples),
              target.table(level.level()),
              pointGradient,
              isRecorded(level) ? decode.recordedGradients(level, count * samples) : 0);
      long weights = target.weights(level.level());
      if (weights == 0 || isRecorded(level)) {
        together.add(gradients);
      } else {
        decode.backwardWithWeights(all(samples), outputs(level, samples), gradients, weights);
      }
      pointGradient += wantsPoses ? pointGradientBytes() : 0;
    }
    decode.backward(all(samples), together);
  }

  private void weightsBackward(long weightGradient) {
    int n = count * samples;
    decode.weightGradient(
        recorded.decoder(),
        decode.recordedGradients(recorded, n),
        decode.recordedActivations(recorded, n),
        n,
        weightGradient);
  }

  private long pointGradientBytes() {
    return 3L * Float.BYTES * count * samples;
  }

  /** {@code [levels, rays, samples, 3]}, to be added to. */
  private DeviceBuffer pointGradients() {
    return work.bytes("point gradients", view.levels().size() * pointGradientBytes());
  }

  private long gradients(LevelView level) {
    long floats = (long) count * samples * level.outputs();
    return work.words("output gradients of " + level.level(), floats).pointer();
  }

  private void compositeBackward(long counts, long logits, long colours) {
    int stride = view.base().outputs();
    Struct in =
        new Struct()
            .buffer(work.words("depth gradients", count))
            .buffer(work.words("colour gradients", 3L * count))
            .address(counts);
    Struct out =
        new Struct().address(logits).address(colours).i32(stride, view.isJoint() ? stride : 3);
    work.arguments()
        .struct(values(samples, readsColour).padded())
        .struct(in.padded())
        .struct(out.padded());
    work.launch("composite_backward", Workspace.warpEach(count, Float.BYTES * samples));
  }

  /** Brings what was rendered, the losses and the poses' gradients to the host. */
  void download() {
    work.download(results, work.pinned(RESULTS, resultBytes()), resultBytes());
  }

  /** Waits for the device; writes what was rendered and the poses' gradients where asked for. */
  BatchLosses read(RenderedRays out, PoseGradient poseGradient) {
    work.stream().synchronize();
    ByteBuffer from = work.pinned(RESULTS, resultBytes()).bytes().clear();
    double[] totals = new double[TOTALS];
    for (int k = 0; k < TOTALS; k++) {
      totals[k] = from.getDouble();
    }
    if (out != null) {
      read(from, out.depth, count);
      read(from, out.variance, count);
      read(from, out.opacity, count);
      read(from, out.colour, 3 * count);
    }
    if (poseGradient != null) {
      from.position(TOTAL_BYTES + 6 * Float.BYTES * count);
      read(from, poseGradient.perRay(), 6 * batch.count);
    }
    return new BatchLosses(
        totals[0], totals[1], (int) totals[2], totals[3], (int) totals[4], (int) totals[5]);
  }

  private static void read(ByteBuffer from, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = from.getFloat();
    }
  }
}
