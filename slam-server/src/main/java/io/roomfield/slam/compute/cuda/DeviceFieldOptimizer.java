package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.Moments;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Adam where the field is: from the beginning of a round to its end features, moments and gradients
 * stay on the device, and an iteration sends no more than learning rates. Where the device is lost
 * the round begins again on the processor, from the features that the host has by then and with
 * fresh moments. For one thread.
 */
final class DeviceFieldOptimizer implements FieldOptimizer {
  private final DeviceCalls calls;
  private final SceneField field;
  private final boolean keepMoments;
  private final ComputeBackend host;
  private final Gradient gradient = new Gradient();
  private final Map<FieldLevel, LevelOptimizer> levels = new EnumMap<>(FieldLevel.class);

  /** Null before the first round. */
  private BlockStore moments;

  private DecoderOptimizer decoder;

  /** Null unless the device is lost. */
  private FieldOptimizer onHost;

  /** The round under way, or null. */
  private Map<FieldLevel, long[][]> round;

  /** What the iteration under way prepared. */
  private List<FieldLevel> prepared = List.of();

  private boolean preparedDecoder;

  /** Whether the iteration's gradients were set to zero. */
  private boolean cleared;

  /**
   * @param host what computes where the device is lost
   */
  DeviceFieldOptimizer(
      DeviceCalls calls, SceneField field, boolean keepMoments, ComputeBackend host) {
    this.calls = calls;
    this.field = field;
    this.keepMoments = keepMoments;
    this.host = host;
  }

  /** Sums on the device: nothing is kept in the host's arrays. */
  final class Gradient extends FieldGradient implements GradientTarget {
    private Gradient() {
      super(1);
    }

    /** What takes its place where the device is lost. */
    FieldGradient onHost() {
      return DeviceFieldOptimizer.this.onHost().gradient();
    }

    @Override
    public void start(Workspace work) {
      clearGradients(work);
    }

    @Override
    public void finish() {
      cleared = true;
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
    return onHost == null ? gradient : onHost.gradient();
  }

  @Override
  public void begin(Map<FieldLevel, long[][]> masks) {
    round = null;
    prepared = List.of();
    preparedDecoder = false;
    run(work -> begin(masks, work), there -> there.begin(masks));
    round = masks;
  }

  private void begin(Map<FieldLevel, long[][]> masks, Workspace work) {
    levels.values().forEach(LevelOptimizer::abandon);
    decoder.abandon();
    masks.forEach((level, mask) -> levels.get(level).begin(mask, work));
    decoder.begin(keepMoments, work);
  }

  @Override
  public void forget(FieldLevel level, int[] blocks) {
    if (onHost != null) {
      onHost.forget(level, blocks);
    } else if (levels.containsKey(level)) {
      levels.get(level).forget(blocks);
    }
  }

  @Override
  public void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder) {
    prepared = new ArrayList<>();
    optimised.forEach(prepared::add);
    preparedDecoder = colourDecoder;
    cleared = false;
    run(work -> prepare(), there -> there.prepare(prepared, preparedDecoder));
  }

  private void prepare() {
    levels.values().forEach(LevelOptimizer::rest);
    prepared.forEach(level -> levels.get(level).prepare());
    decoder.prepare(preparedDecoder);
  }

  /** Sets the iteration's gradients to zero with the first thing that it gives to the device. */
  private void clearGradients(Workspace work) {
    if (!cleared) {
      levels.values().forEach(level -> level.clear(work));
      decoder.clear(work);
    }
  }

  @Override
  public void step(Map<FieldLevel, Double> rates, double decoderRate) {
    run(
        work -> {
          work.together(
              () -> {
                step(rates, decoderRate, work);
                return null;
              });
          rates.keySet().forEach(level -> levels.get(level).stepped());
          decoder.stepped();
        },
        there -> there.step(rates, decoderRate));
  }

  private void step(Map<FieldLevel, Double> rates, double decoderRate, Workspace work) {
    clearGradients(work);
    int steps = 1 + rates.keySet().stream().mapToInt(of -> levels.get(of).activeBlocks()).sum();
    StepRates factors = new StepRates(steps, work);
    rates.forEach((level, rate) -> levels.get(level).step(rate, factors, work));
    decoder.step(decoderRate, factors, work);
  }

  @Override
  public void finish() {
    run(
        work -> {
          levels.values().forEach(level -> level.finish(work));
          decoder.finish(work);
        },
        FieldOptimizer::finish);
    round = null;
  }

  @Override
  public Optional<Moments> moments(FieldLevel level, int block) {
    // On the device there is nothing to ask for before a round, nor of a level without features.
    return onHost == null && !levels.containsKey(level)
        ? Optional.empty()
        : ask(work -> levels.get(level).moments(block, work), there -> there.moments(level, block));
  }

  @Override
  public Optional<Moments> decoderMoments() {
    return keepMoments
        ? ask(work -> Optional.of(decoder.moments(work)), FieldOptimizer::decoderMoments)
        : Optional.empty();
  }

  @Override
  public void restore(FieldLevel level, int block, Moments kept) {
    run(
        work -> levels.get(level).restore(block, kept, work),
        there -> there.restore(level, block, kept));
  }

  @Override
  public void restoreDecoder(Moments kept) {
    run(work -> decoder.restore(kept, work), there -> there.restoreDecoder(kept));
  }

  @Override
  public long bytes(FieldLevel level, int block) {
    return onHost == null ? 0 : onHost.bytes(level, block);
  }

  @Override
  public void evict(FieldLevel level, int block, Supplier<Moments> elsewhere) {
    if (onHost != null) {
      onHost.evict(level, block, elsewhere);
    }
  }

  /** Brings something from the device. */
  private <T> T ask(Function<Workspace, T> what, Function<FieldOptimizer, T> there) {
    return calls.make(
        false,
        (state, work) -> {
          moveIn(state);
          return what.apply(work);
        },
        () -> there.apply(onHost()));
  }

  /** Does something on the device, and waits: the next call may be on another stream. */
  private void run(Consumer<Workspace> what, Consumer<FieldOptimizer> there) {
    calls.make(
        false,
        (state, work) -> {
          moveIn(state);
          what.accept(work);
          work.stream().synchronize();
          return null;
        },
        () -> {
          there.accept(onHost());
          return null;
        });
  }

  private void moveIn(DeviceState state) {
    if (moments != null) {
      return;
    }
    moments = new BlockStore(state.context());
    decoder = new DecoderOptimizer(field.colourDecoder(), state.fields());
    for (FieldLevel level : FieldLevel.values()) {
      if (field.hasFeatures(level)) {
        levels.put(
            level, new LevelOptimizer(field.grid(level), state.fields(), moments, keepMoments));
      }
    }
  }

  /** What takes its place where the device is lost; a round under way has begun there again. */
  private FieldOptimizer onHost() {
    if (onHost == null) {
      onHost = host.optimizer(field, keepMoments);
      if (round != null) {
        onHost.begin(round);
        onHost.prepare(prepared, preparedDecoder);
      }
    }
    return onHost;
  }

  @Override
  public void close() {
    if (moments == null) {
      return;
    }
    calls.makeCurrent();
    levels.values().forEach(LevelOptimizer::close);
    decoder.close();
    moments.close();
    moments = null;
    levels.clear();
  }
}
