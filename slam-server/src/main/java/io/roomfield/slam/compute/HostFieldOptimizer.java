package io.roomfield.slam.compute;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.FieldGradient;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Adam on the host's own arrays: a step changes the field at once. */
final class HostFieldOptimizer implements FieldOptimizer {
  /** One level's share of a round. */
  private record Level(FeatureGrid grid, long[][] masks, int[] active) {}

  private final ComputeBackend backend;
  private final SceneField field;
  private final boolean keepMoments;
  private final FieldGradient gradient;
  private final Map<FieldLevel, Level> levels = new EnumMap<>(FieldLevel.class);

  /** Per level, by block number; null where a block has taken no step. */
  private final Map<FieldLevel, Moments[]> moments = new EnumMap<>(FieldLevel.class);

  /** Per level and block number, where moments are that are not in memory. */
  private final Map<FieldLevel, Map<Integer, Supplier<Moments>>> evicted =
      new EnumMap<>(FieldLevel.class);

  private Moments decoder;

  HostFieldOptimizer(ComputeBackend backend, SceneField field, boolean keepMoments) {
    this.backend = backend;
    this.field = field;
    this.keepMoments = keepMoments;
    gradient = new FieldGradient(backend.lanes());
    decoder = new Moments(field.colourDecoder().weights().length);
    for (FieldLevel level : FieldLevel.values()) {
      evicted.put(level, new HashMap<>());
    }
  }

  @Override
  public FieldGradient gradient() {
    return gradient;
  }

  @Override
  public void begin(Map<FieldLevel, long[][]> masks) {
    gradient.deactivateAll();
    masks.forEach((level, mask) -> levels.put(level, level(level, mask)));
    if (!keepMoments) {
      decoder.reset();
    }
  }

  private Level level(FieldLevel name, long[][] masks) {
    FeatureGrid grid = field.grid(name);
    Moments[] ofLevel = ensured(name, masks.length);
    int[] active = IntStream.range(0, masks.length).filter(b -> masks[b] != null).toArray();
    for (int block : active) {
      Supplier<Moments> elsewhere = evicted.get(name).remove(block);
      if (elsewhere != null) {
        ofLevel[block] = elsewhere.get();
      } else if (ofLevel[block] == null) {
        ofLevel[block] = new Moments(FeatureGrid.BLOCK_VOXELS * grid.channels());
      } else if (!keepMoments) {
        ofLevel[block].reset();
      }
    }
    return new Level(grid, masks, active);
  }

  /** A level's moments, of at least so many blocks. */
  private Moments[] ensured(FieldLevel level, int blocks) {
    Moments[] now = moments.getOrDefault(level, new Moments[0]);
    Moments[] enough = now.length < blocks ? Arrays.copyOf(now, blocks) : now;
    moments.put(level, enough);
    return enough;
  }

  @Override
  public Optional<Moments> moments(FieldLevel level, int block) {
    if (evicted.get(level).containsKey(block)) {
      return Optional.of(evicted.get(level).get(block).get());
    }
    Moments[] ofLevel = moments.get(level);
    return !keepMoments || ofLevel == null || block >= ofLevel.length
        ? Optional.empty()
        : Optional.ofNullable(ofLevel[block]).map(Moments::copy);
  }

  @Override
  public Optional<Moments> decoderMoments() {
    return keepMoments ? Optional.of(decoder.copy()) : Optional.empty();
  }

  @Override
  public void restore(FieldLevel level, int block, Moments kept) {
    ensured(level, block + 1)[block] = kept;
  }

  @Override
  public void restoreDecoder(Moments kept) {
    decoder = kept;
  }

  @Override
  public void forget(FieldLevel name, int[] blocks) {
    Moments[] ofLevel = moments.getOrDefault(name, new Moments[0]);
    for (int block : blocks) {
      evicted.get(name).remove(block);
      if (block < ofLevel.length) {
        ofLevel[block] = null;
      }
    }
  }

  @Override
  public long bytes(FieldLevel level, int block) {
    Moments[] ofLevel = moments.get(level);
    return ofLevel == null || block >= ofLevel.length || ofLevel[block] == null
        ? 0
        : 2L * Float.BYTES * ofLevel[block].first.length;
  }

  @Override
  public void evict(FieldLevel level, int block, Supplier<Moments> elsewhere) {
    if (bytes(level, block) > 0) {
      moments.get(level)[block] = null;
      if (keepMoments) {
        evicted.get(level).put(block, elsewhere);
      }
    }
  }

  @Override
  public void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder) {
    for (FieldLevel name : optimised) {
      Level level = levels.get(name);
      for (int block : level.active) {
        gradient.activate(name, level.grid, block);
      }
    }
    if (colourDecoder) {
      gradient.activateWeights(FieldLevel.COLOUR, field.colourDecoder());
    } else {
      gradient.deactivateWeights(FieldLevel.COLOUR);
    }
    gradient.clear();
  }

  @Override
  public void step(Map<FieldLevel, Double> rates, double decoderRate) {
    rates.forEach(this::stepLevel);
    if (gradient.weights(FieldLevel.COLOUR, 0) != null) {
      float[][] lanes = new float[gradient.lanes()][];
      Arrays.setAll(lanes, lane -> gradient.weights(FieldLevel.COLOUR, lane));
      step(decoder, decoderRate, field.colourDecoder().weights(), lanes, null);
    }
  }

  private void stepLevel(FieldLevel name, double rate) {
    Level level = levels.get(name);
    Moments[] ofLevel = moments.get(name);
    // Blocks are independent, so the order in which threads take them changes nothing.
    IntStream blocks = Arrays.stream(level.active);
    (backend.lanes() > 1 ? blocks.parallel() : blocks)
        .forEach(
            block -> {
              float[][] lanes = new float[gradient.lanes()][];
              Arrays.setAll(lanes, lane -> gradient.block(name, lane, block));
              step(
                  ofLevel[block], rate, level.grid.blockToChange(block), lanes, level.masks[block]);
            });
  }

  private void step(Moments of, double rate, float[] parameters, float[][] gradients, long[] mask) {
    AdamStep step = new AdamStep(rate, ++of.steps);
    backend.adam(step, parameters, gradients, of.first, of.second, mask);
  }

  @Override
  public void finish() {
    // The field has it already.
  }

  @Override
  public void close() {
    // Holds nothing but arrays.
  }
}
