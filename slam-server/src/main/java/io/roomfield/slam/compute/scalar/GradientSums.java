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
  private final double[] colourWeights;

  /**
   * @param target null where no gradient of the map is wanted
   */
  GradientSums(FieldGradient target) {
    this.target = target;
    for (FieldLevel level : FieldLevel.values()) {
      blocks.put(level, new HashMap<>());
    }
    float[] wanted = target == null ? null : target.colourWeights(0);
    colourWeights = wanted == null ? null : new double[wanted.length];
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

  /** Sums of the colour decoder's flat weights, or null where they are not kept. */
  double[] colourWeights() {
    return colourWeights;
  }

  /** Adds the sums to the caller's gradient. */
  void addToTarget() {
    for (FieldLevel level : FieldLevel.values()) {
      blocks.get(level).forEach((block, sums) -> add(sums, target.block(level, 0, block)));
    }
    if (colourWeights != null) {
      add(colourWeights, target.colourWeights(0));
    }
  }

  private static void add(double[] sums, float[] to) {
    for (int i = 0; i < sums.length; i++) {
      to[i] = (float) (to[i] + sums[i]);
    }
  }
}
