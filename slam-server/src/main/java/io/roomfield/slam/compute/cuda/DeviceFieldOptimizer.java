package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adam where the field is: from the beginning of a round to its end features, moments and gradients
 * stay on the device, and an iteration sends no more than learning rates.
 */
final class DeviceFieldOptimizer implements FieldOptimizer {
  private final DeviceFields fields;
  private final SceneField field;
  private final boolean keepMoments;
  private final Workspaces workspaces;
  private final BlockStore moments;
  private final Map<FieldLevel, LevelOptimizer> levels = new EnumMap<>(FieldLevel.class);
  private final DecoderOptimizer decoder;
  private final Gradient gradient = new Gradient();

  DeviceFieldOptimizer(
      DeviceFields fields, SceneField field, boolean keepMoments, Workspaces workspaces) {
    this.fields = fields;
    this.field = field;
    this.keepMoments = keepMoments;
    this.workspaces = workspaces;
    moments = new BlockStore(workspaces.context());
    decoder = new DecoderOptimizer(field.colourDecoder(), fields);
  }

  /** Sums on the device: nothing is kept in the host's arrays. */
  final class Gradient extends FieldGradient implements GradientTarget {
    private Gradient() {
      super(1);
    }

    @Override
    public long table(FieldLevel level) {
      LevelOptimizer of = levels.get(level);
      return of == null ? 0 : of.gradientTable();
    }

    @Override
    public long weights(FieldLevel level) {
      return level == FieldLevel.COLOUR ? decoder.gradient() : 0;
    }
  }

  @Override
  public FieldGradient gradient() {
    return gradient;
  }

  @Override
  public void begin(Map<FieldLevel, long[][]> masks) {
    run(
        work -> {
          levels.values().forEach(LevelOptimizer::abandon);
          decoder.abandon();
          masks.forEach((level, mask) -> level(level).begin(mask, work));
          decoder.begin(keepMoments, work);
        });
  }

  private LevelOptimizer level(FieldLevel level) {
    return levels.computeIfAbsent(
        level, name -> new LevelOptimizer(field.grid(name), fields, moments, keepMoments));
  }

  @Override
  public void forget(FieldLevel level, int[] blocks) {
    if (levels.containsKey(level)) {
      levels.get(level).forget(blocks);
    }
  }

  @Override
  public void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder) {
    run(
        work -> {
          levels.values().forEach(LevelOptimizer::rest);
          for (FieldLevel name : optimised) {
            levels.get(name).prepare(work);
          }
          decoder.prepare(colourDecoder, work);
        });
  }

  @Override
  public void step(Map<FieldLevel, Double> rates, double decoderRate) {
    run(
        work -> {
          rates.forEach((level, rate) -> levels.get(level).step(rate, work));
          decoder.step(decoderRate, work);
        });
  }

  @Override
  public void finish() {
    run(
        work -> {
          levels.values().forEach(level -> level.finish(work));
          decoder.finish(work);
        });
  }

  /** Does something on a stream, and waits: the next call may be on another. */
  private void run(Consumer<Workspace> work) {
    workspaces.use(
        mine -> {
          work.accept(mine);
          mine.stream().synchronize();
          return null;
        });
  }

  @Override
  public void close() {
    workspaces.context().makeCurrent();
    levels.values().forEach(LevelOptimizer::close);
    decoder.close();
    moments.close();
  }
}
