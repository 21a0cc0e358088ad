package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.render.FieldGradient;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * A batch's gradient of the map, summed in double precision and added to the caller's floats once
 * at the end.
 */
final class GradientSums {
  private final FieldGradient target;
  private final Map<FieldLevel, Map<Integer, double[]>> blocks = new EnumMap<>(FieldLevel.class);
  private final Map<FieldLevel, double[]> weights = new EnumMap<>(FieldLevel.class);

  /**
   * @param target null where no gradient of the map is wanted
   */
  GradientSums(FieldGradient target) {
    this.target = target;
    for (FieldLevel level : FieldLevel.values()) {
      blocks.put(level, new HashMap<>());
      float[] wanted = target == null ? null : target.weights(level, 0);
      if (wanted != null) {
        weights.put(level, new double[wanted.length]);
      }
    }
  }

  /** Sums of a level's blocks; null for blocks whose gradient is not kept. */
  TrilinearInterpolation.BlockGradients of(FieldLevel level) {
    return block -> {
      float[] kept = target == null ? null : target.block(level, 0, block);
      return kept == null
          ? null
          : blocks.get(level).computeIfAbsent(block, b -> new double[kept.length]);
    };
  }

  /** Sums of a decoder's flat weights, or null where they are not kept. */
  double[] weights(FieldLevel level) {
    return weights.get(level);
  }

  /** Adds the sums to the caller's gradient. */
  void addToTarget() {
    for (FieldLevel level : FieldLevel.values()) {
      blocks.get(level).forEach((block, sums) -> add(sums, target.block(level, 0, block)));
    }
    weights.forEach((level, sums) -> add(sums, target.weights(level, 0)));
  }

  static void add(double[] sums, float[] to) {
    for (int i = 0; i < sums.length; i++) {
      to[i] = (float) (to[i] + sums[i]);
    }
  }
}
