package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Batch;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Gradients;
import io.roomfield.slam.compute.cuda.DecodeLaunches.Outputs;
import io.roomfield.slam.render.OccupancyTargets;
import java.util.ArrayList;
import java.util.List;

/** Points through the field, and rows through a network, as launches. */
final class PointPass {
  private static final int SUM_THREADS = 256;
  private static final String LOSS = "loss";

  private final Workspace work;
  private final DecodeLaunches decode;

  PointPass(Workspace work) {
    this.work = work;
    decode = new DecodeLaunches(work);
  }

  /** Values of points {@code first} on, of arrays as {@code ComputeBackend.evaluate} has them. */
  void evaluate(FieldView view, Points at, float[] logits, float[] colours) {
    int first = at.first;
    int count = at.count;
    DeviceBuffer points = work.words("sample points", 3L * count);
    points.upload(work.stream(), at.coordinates, 3 * first, 0, 3 * count);
    decode(view, points, count);
    LevelView base = view.base();
    float[] baseOutputs = download(base, count);
    for (int i = 0; i < count; i++) {
      logits[first + i] = baseOutputs[i * base.outputs()];
    }
    if (view.fine() != null) {
      float[] fine = download(view.fine(), count);
      for (int i = 0; i < count; i++) {
        logits[first + i] += fine[i];
      }
    }
    if (colours != null && view.isJoint()) {
      for (int i = 0; i < 3 * count; i++) {
        colours[3 * first + i] = baseOutputs[i / 3 * base.outputs() + 1 + i % 3];
      }
    } else if (colours != null) {
      System.arraycopy(download(view.colour(), count), 0, colours, 3 * first, 3 * count);
    }
  }

  /**
   * A part of an array of points.
   *
   * @param coordinates {@code [.., 3]} world metres
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Points(float[] coordinates, int first, int count) {}

  /** Decodes points {@code [count, 3]} that the device has, at all levels of a view. */
  void decode(FieldView view, DeviceBuffer points, int count) {
    decodeAll(view, new Batch(points.pointer(), 0, count), false);
  }

  private void decodeAll(FieldView view, Batch batch, boolean withSigns) {
    List<Outputs> levels = new ArrayList<>();
    for (LevelView level : view.levels()) {
      long signs = withSigns ? signs(level, batch.count()) : 0;
      levels.add(new Outputs(level, outputs(level, batch.count()).pointer(), signs, 0));
    }
    decode.forward(batch, levels);
  }

  /** What {@link #decode} writes of a level, {@code [count, outputs]}. */
  DeviceBuffer outputs(LevelView level, int count) {
    return work.words("outputs of " + level.level(), (long) count * level.outputs());
  }

  private long signs(LevelView level, int count) {
    long words = DecodeLaunches.signWords(level.decoder().shape(), count);
    return work.words("signs of " + level.level(), words).pointer();
  }

  private float[] download(LevelView level, int count) {
    float[] values = new float[count * level.outputs()];
    outputs(level, count).download(work.stream(), values, 0, 0, values.length);
    return values;
  }

  /** The loss of {@code ComputeBackend.occupancyBackward}, its gradient added to the target. */
  double occupancyBackward(FieldView view, OccupancyTargets targets, GradientTarget target) {
    work.together(
        () -> {
          target.start(work);
          occupancyPass(view, targets, target);
          return null;
        });
    work.stream().synchronize();
    return work.pinned(LOSS, Double.BYTES).bytes().getDouble();
  }

  private void occupancyPass(FieldView view, OccupancyTargets targets, GradientTarget target) {
    int count = targets.count;
    Batch batch =
        new Batch(work.of("sample points", targets.points, 3 * count).pointer(), 0, count);
    decodeAll(view, batch, true);
    LevelView base = view.base();
    int stride = base.outputs();
    DeviceBuffer terms = work.words("loss terms", count);
    DeviceBuffer gradient =
        work.words("output gradients of " + base.level(), (long) count * stride);
    work.fill(gradient, 0, 0, (long) count * stride);
    work.arguments()
        .buffer(outputs(base, count))
        .buffer(view.fine() == null ? null : outputs(view.fine(), count))
        .i32(stride)
        .buffer(work.of("occupancy targets", targets.target, count))
        .buffer(work.of("occupancy weights", targets.weight, count))
        .i32(count)
        .buffer(terms)
        .buffer(gradient);
    work.launch("occupancy_loss", Grid.covering(count, Workspace.THREADS));
    levelsBackward(view, batch, target, gradient.pointer());
    DeviceBuffer total = work.bytes(LOSS, Double.BYTES);
    work.arguments().buffer(terms).i32(count).buffer(total);
    work.launch("sum_terms", new Grid(1, 1, SUM_THREADS, SUM_THREADS * Double.BYTES));
    work.download(total, work.pinned(LOSS, Double.BYTES), Double.BYTES);
  }

  private void levelsBackward(
      FieldView view, Batch batch, GradientTarget target, long logitGradient) {
    int count = batch.count();
    List<Gradients> together = new ArrayList<>();
    for (LevelView level : view.levels()) {
      Gradients gradients =
          new Gradients(
              level,
              logitGradient,
              view.base().outputs(),
              signs(level, count),
              target.table(level.level()),
              0,
              0);
      long weights = target.weights(level.level());
      if (weights == 0) {
        together.add(gradients);
      } else {
        long outputs = outputs(level, count).pointer();
        decode.backwardWithWeights(batch, outputs, gradients, weights);
      }
    }
    decode.backward(batch, together);
  }

  /** Outputs {@code [count, outputs]} of a network for rows of inputs. */
  void apply(DeviceDecoder network, float[] inputs, int count, float[] outputs) {
    LevelView level = network(network);
    DeviceBuffer written = work.words("network outputs", (long) count * level.outputs());
    decode.forward(
        rows(network, inputs, count), List.of(new Outputs(level, written.pointer(), 0, 0)));
    written.download(work.stream(), outputs, 0, 0, count * level.outputs());
  }

  /** The weights' gradient {@code [weightCount]} for gradients of the outputs. */
  float[] applyBackward(DeviceDecoder network, float[] inputs, int count, float[] outputGradient) {
    LevelView level = network(network);
    int outputs = level.outputs();
    DeviceBuffer written = work.words("network outputs", (long) count * outputs);
    long given = work.of("network output gradients", outputGradient, count * outputs).pointer();
    float[] gradient = new float[network.shape().weightCount()];
    DeviceBuffer weights = work.words("network weight gradient", gradient.length);
    weights.fill(work.stream(), 0, 0, gradient.length);
    decode.backwardWithWeights(
        rows(network, inputs, count),
        written.pointer(),
        new Gradients(level, given, outputs, 0, 0, 0, 0),
        weights.pointer());
    weights.download(work.stream(), gradient, 0, 0, gradient.length);
    return gradient;
  }

  private Batch rows(DeviceDecoder network, float[] inputs, int count) {
    int length = count * network.shape().featureChannels();
    return new Batch(0, work.of("network inputs", inputs, length).pointer(), count);
  }

  private static LevelView network(DeviceDecoder decoder) {
    return new LevelView(null, null, null, null, null, decoder);
  }
}
