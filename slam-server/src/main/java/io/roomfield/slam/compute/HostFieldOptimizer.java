package io.roomfield.slam.compute;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.FieldGradient;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Adam on the host's own arrays: a step changes the field at once. */
final class HostFieldOptimizer implements FieldOptimizer {
  /** Moments of one block and the steps it has taken. */
  private static final class Moments {
    final float[] first;
    final float[] second;
    int steps;

    Moments(int length) {
      first = new float[length];
      second = new float[length];
    }

    void reset() {
      Arrays.fill(first, 0f);
      Arrays.fill(second, 0f);
      steps = 0;
    }
  }

  /** One level's share of a round. */
  private record Level(FeatureGrid grid, long[][] masks, int[] active, Moments[] moments) {}

  private final ComputeBackend backend;
  private final SceneField field;
  private final boolean keepMoments;
  private final FieldGradient gradient;
  private final Map<FieldLevel, Level> levels = new EnumMap<>(FieldLevel.class);
  private final Moments decoder;

  HostFieldOptimizer(ComputeBackend backend, SceneField field, boolean keepMoments) {
    this.backend = backend;
    this.field = field;
    this.keepMoments = keepMoments;
    gradient = new FieldGradient(backend.lanes());
    decoder = new Moments(field.colourDecoder().weights().length);
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
    Level old = levels.get(name);
    Moments[] moments =
        old == null ? new Moments[masks.length] : Arrays.copyOf(old.moments, masks.length);
    int[] active = IntStream.range(0, masks.length).filter(b -> masks[b] != null).toArray();
    for (int block : active) {
      if (moments[block] == null) {
        moments[block] = new Moments(FeatureGrid.BLOCK_VOXELS * grid.channels());
      } else if (!keepMoments) {
        moments[block].reset();
      }
    }
    return new Level(grid, masks, active, moments);
  }

  @Override
  public void forget(FieldLevel name, int[] blocks) {
    Level level = levels.get(name);
    for (int block : blocks) {
      if (level != null && block < level.moments.length) {
        level.moments[block] = null;
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
    // Blocks are independent, so the order in which threads take them changes nothing.
    IntStream blocks = Arrays.stream(level.active);
    (backend.lanes() > 1 ? blocks.parallel() : blocks)
        .forEach(
            block -> {
              float[][] lanes = new float[gradient.lanes()][];
              Arrays.setAll(lanes, lane -> gradient.block(name, lane, block));
              step(
                  level.moments[block],
                  rate,
                  level.grid.blockToChange(block),
                  lanes,
                  level.masks[block]);
            });
  }

  private void step(
      Moments moments, double rate, float[] parameters, float[][] gradients, long[] mask) {
    AdamStep step = new AdamStep(rate, ++moments.steps);
    backend.adam(step, parameters, gradients, moments.first, moments.second, mask);
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
