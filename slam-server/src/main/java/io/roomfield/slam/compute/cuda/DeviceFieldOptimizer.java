package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adam where the field is: from the beginning of a round to its end features, moments and gradients
 * stay on the device, and an iteration sends no more than learning rates. For one thread.
 */
final class DeviceFieldOptimizer implements FieldOptimizer {
  private final DeviceCalls calls;
  private final SceneField field;
  private final boolean keepMoments;
  private final Gradient gradient = new Gradient();

  /** What the rest lives on; null before the first round. */
  private DeviceState home;

  private BlockStore moments;
  private final Map<FieldLevel, LevelOptimizer> levels = new EnumMap<>(FieldLevel.class);
  private DecoderOptimizer decoder;

  /** The round under way, or null. */
  private Map<FieldLevel, long[][]> round;

  /** What the iteration under way prepared. */
  private List<FieldLevel> prepared = List.of();

  private boolean preparedDecoder;

  DeviceFieldOptimizer(DeviceCalls calls, SceneField field, boolean keepMoments) {
    this.calls = calls;
    this.field = field;
    this.keepMoments = keepMoments;
  }

  /** Sums on the device: nothing is kept in the host's arrays. */
  final class Gradient extends FieldGradient implements GradientTarget {
    private Gradient() {
      super(1);
    }

    /** This, where a call is made. */
    Gradient on(DeviceState state, Workspace work) {
      settle(state, work);
      return this;
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
    round = null;
    prepared = List.of();
    preparedDecoder = false;
    run(
        work -> {
          levels.values().forEach(LevelOptimizer::abandon);
          decoder.abandon();
          beginRound(masks, work);
        });
    round = masks;
  }

  private void beginRound(Map<FieldLevel, long[][]> masks, Workspace work) {
    masks.forEach((level, mask) -> level(level).begin(mask, work));
    decoder.begin(keepMoments, work);
  }

  private LevelOptimizer level(FieldLevel level) {
    return levels.computeIfAbsent(
        level, name -> new LevelOptimizer(field.grid(name), home.fields(), moments, keepMoments));
  }

  @Override
  public void forget(FieldLevel level, int[] blocks) {
    if (levels.containsKey(level)) {
      levels.get(level).forget(blocks);
    }
  }

  @Override
  public void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder) {
    prepared = new ArrayList<>();
    optimised.forEach(prepared::add);
    preparedDecoder = colourDecoder;
    run(this::prepare);
  }

  private void prepare(Workspace work) {
    levels.values().forEach(LevelOptimizer::rest);
    prepared.forEach(level -> levels.get(level).prepare(work));
    decoder.prepare(preparedDecoder, work);
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
    round = null;
  }

  /** Does something where calls are made, and waits: the next call may be on another stream. */
  private void run(Consumer<Workspace> what) {
    calls.make(
        (state, work) -> {
          settle(state, work);
          what.accept(work);
          work.stream().synchronize();
          return null;
        });
  }

  /**
   * Moves in where calls are made now. Where that is new, as the device was lost, a round under way
   * begins again from the host's features, with fresh moments.
   */
  private void settle(DeviceState state, Workspace work) {
    if (home == state) {
      return;
    }
    levels.clear();
    home = state;
    moments = new BlockStore(state.context());
    decoder = new DecoderOptimizer(field.colourDecoder(), state.fields());
    if (round != null) {
      beginRound(round, work);
      prepare(work);
    }
  }

  @Override
  public void close() {
    if (home == null || !calls.isCurrent(home)) {
      return;
    }
    home.context().makeCurrent();
    levels.values().forEach(LevelOptimizer::close);
    decoder.close();
    moments.close();
    home = null;
  }
}
