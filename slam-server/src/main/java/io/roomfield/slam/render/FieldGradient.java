package io.roomfield.slam.render;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Gradients of a loss with respect to the map, laid out as the map is. A level's gradient is kept
 * only for the blocks that were {@link #activate activated}, and a decoder's only where {@link
 * #activateWeights its weights} were; contributions to others are dropped.
 *
 * <p>To be summed without locks or atomics, every worker ("lane") adds to arrays of its own; the
 * sum over lanes is the gradient. Work is dealt to lanes by position in the batch, so that sums do
 * not depend on timing.
 *
 * <p>A backend's own may keep nothing here and sum where it computes instead.
 */
public class FieldGradient {
  private final int lanes;
  private final Map<FieldLevel, float[][][]> blocks = new EnumMap<>(FieldLevel.class);
  private final Map<FieldLevel, float[][]> weights = new EnumMap<>(FieldLevel.class);

  /** Arrays of blocks that were forgotten, by length. */
  private final Map<Integer, Deque<float[]>> spare = new HashMap<>();

  /**
   * @param lanes workers that add independently, > 0
   */
  public FieldGradient(int lanes) {
    this.lanes = lanes;
    for (FieldLevel level : FieldLevel.values()) {
      blocks.put(level, new float[lanes][0][]);
    }
  }

  public int lanes() {
    return lanes;
  }

  /** From now on, keeps the gradient of this block. */
  public void activate(FieldLevel level, FeatureGrid grid, int block) {
    for (int lane = 0; lane < lanes; lane++) {
      float[][] all = blocks(level, lane);
      if (block >= all.length) {
        all = Arrays.copyOf(all, Math.max(2 * all.length, grid.blockCount() + 1));
        blocks.get(level)[lane] = all;
      }
      if (all[block] == null) {
        all[block] = array(FeatureGrid.BLOCK_VOXELS * grid.channels());
      }
    }
  }

  private float[] array(int length) {
    Deque<float[]> free = spare.get(length);
    if (free == null || free.isEmpty()) {
      return new float[length];
    }
    float[] array = free.pop();
    Arrays.fill(array, 0);
    return array;
  }

  /** From now on, keeps the gradient of the weights of this level's decoder. */
  public void activateWeights(FieldLevel level, Decoder decoder) {
    int count = decoder.shape().weightCount();
    float[][] kept = weights.get(level);
    if (kept == null || (lanes > 0 && kept[0].length != count)) {
      weights.put(level, new float[lanes][count]);
    }
  }

  /** No longer keeps the gradient of this level's weights. */
  public void deactivateWeights(FieldLevel level) {
    weights.remove(level);
  }

  /** Forgets every activation. */
  public void deactivateAll() {
    for (float[][][] level : blocks.values()) {
      for (float[][] lane : level) {
        for (int block = 0; block < lane.length; block++) {
          if (lane[block] != null) {
            spare.computeIfAbsent(lane[block].length, n -> new ArrayDeque<>()).push(lane[block]);
            lane[block] = null;
          }
        }
      }
    }
    weights.clear();
  }

  /** Whether any block of this level is kept. */
  public boolean keeps(FieldLevel level) {
    for (float[] block : blocks(level, 0)) {
      if (block != null) {
        return true;
      }
    }
    return false;
  }

  /** Sets every kept gradient to zero. */
  public void clear() {
    for (float[][][] level : blocks.values()) {
      for (float[][] lane : level) {
        for (float[] block : lane) {
          if (block != null) {
            Arrays.fill(block, 0f);
          }
        }
      }
    }
    for (float[][] level : weights.values()) {
      for (float[] lane : level) {
        Arrays.fill(lane, 0f);
      }
    }
  }

  /** One lane's gradient of a block, {@code [512, channels]}, or null where it is not kept. */
  public float[] block(FieldLevel level, int lane, int block) {
    float[][] all = blocks(level, lane);
    return block < all.length ? all[block] : null;
  }

  /** One lane's gradients by block number; entries (and the tail) may be missing. */
  public float[][] blocks(FieldLevel level, int lane) {
    return blocks.get(level)[lane];
  }

  /** One lane's gradient of a decoder's flat weights, or null where it is not kept. */
  public float[] weights(FieldLevel level, int lane) {
    float[][] kept = weights.get(level);
    return kept == null ? null : kept[lane];
  }
}
