package io.roomfield.slam.mapping;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.FieldGradient;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Adam over the features that a mapping round may change, and over the colour decoder's weights.
 * Every round starts with fresh moments, as the published optimiser does. Moment arrays are kept
 * for the next round.
 */
final class FieldOptimizer {
  private static final class Level {
    FeatureGrid grid;
    long[][] masks;
    int[] active;
    float[][] first;
    float[][] second;
    int iteration;
  }

  private final ComputeBackend backend;
  private final SceneField field;
  private final FieldGradient gradient;
  private final Map<FieldLevel, Level> levels = new EnumMap<>(FieldLevel.class);
  private final ArrayDeque<float[]> spareMoments = new ArrayDeque<>();
  private final float[] decoderFirst;
  private final float[] decoderSecond;
  private int decoderIteration;

  FieldOptimizer(ComputeBackend backend, SceneField field) {
    this.backend = backend;
    this.field = field;
    int weights = field.colourDecoder().weights().length;
    gradient = new FieldGradient(backend.lanes(), weights);
    decoderFirst = new float[weights];
    decoderSecond = new float[weights];
  }

  /** Where the backend adds this round's gradients. */
  FieldGradient gradient() {
    return gradient;
  }

  /** Starts a round: {@code masks} as {@link FrustumMask} gives them, per level that may change. */
  void begin(Map<FieldLevel, long[][]> masks) {
    levels.values().forEach(this::release);
    levels.clear();
    gradient.deactivateAll();
    masks.forEach((level, mask) -> levels.put(level, level(field.grid(level), mask)));
    Arrays.fill(decoderFirst, 0f);
    Arrays.fill(decoderSecond, 0f);
    decoderIteration = 0;
  }

  private Level level(FeatureGrid grid, long[][] masks) {
    Level level = new Level();
    level.grid = grid;
    level.masks = masks;
    level.active = IntStream.range(0, masks.length).filter(b -> masks[b] != null).toArray();
    level.first = new float[masks.length][];
    level.second = new float[masks.length][];
    for (int block : level.active) {
      level.first[block] = moments(grid);
      level.second[block] = moments(grid);
    }
    return level;
  }

  private float[] moments(FeatureGrid grid) {
    int length = FeatureGrid.BLOCK_VOXELS * grid.channels();
    float[] spare = spareMoments.poll();
    if (spare == null || spare.length != length) {
      return new float[length];
    }
    Arrays.fill(spare, 0f);
    return spare;
  }

  private void release(Level level) {
    for (int block : level.active) {
      spareMoments.push(level.first[block]);
      spareMoments.push(level.second[block]);
    }
  }

  /** Starts an iteration: from now on the gradients of these levels (and the decoder) are kept. */
  void prepare(Iterable<FieldLevel> optimised, boolean colourDecoder) {
    for (FieldLevel name : optimised) {
      Level level = levels.get(name);
      for (int block : level.active) {
        gradient.activate(name, level.grid, block);
      }
    }
    gradient.activateColourWeights(colourDecoder);
    gradient.clear();
  }

  /** One step against the gathered gradients. */
  void step(Map<FieldLevel, Double> rates, double decoderRate) {
    rates.forEach(this::stepLevel);
    if (gradient.colourWeights(0) != null) {
      float[][] lanes = new float[gradient.lanes()][];
      Arrays.setAll(lanes, gradient::colourWeights);
      backend.adam(
          new AdamStep(decoderRate, ++decoderIteration),
          field.colourDecoder().weights(),
          lanes,
          decoderFirst,
          decoderSecond,
          null);
    }
  }

  private void stepLevel(FieldLevel name, double rate) {
    Level level = levels.get(name);
    AdamStep step = new AdamStep(rate, ++level.iteration);
    // Blocks are independent, so the order in which threads take them changes nothing.
    Arrays.stream(level.active)
        .parallel()
        .forEach(
            block -> {
              float[][] lanes = new float[gradient.lanes()][];
              Arrays.setAll(lanes, lane -> gradient.block(name, lane, block));
              backend.adam(
                  step,
                  level.grid.block(block),
                  lanes,
                  level.first[block],
                  level.second[block],
                  level.masks[block]);
            });
  }

  /** Per block number, whether this round may have changed it. */
  boolean[] dirty(FieldLevel name) {
    Level level = levels.get(name);
    boolean[] dirty = new boolean[field.grid(name).blockCount()];
    if (level != null) {
      for (int block : level.active) {
        dirty[block] = true;
      }
    }
    return dirty;
  }
}
