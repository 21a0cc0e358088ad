package io.roomfield.slam.mapping;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Masks that let every vertex change. */
public final class WholeMask {
  private WholeMask() {}

  /** Of those of mid, fine and colour that have features, for the final refinement. */
  public static Map<FieldLevel, long[][]> of(SceneField field) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR}) {
      if (field.hasFeatures(level)) {
        masks.put(level, of(field.grid(level)));
      }
    }
    return masks;
  }

  /** Every vertex of a grid. */
  public static long[][] of(FeatureGrid grid) {
    long[][] all = new long[grid.blockCount()][FrustumMask.WORDS];
    for (long[] words : all) {
      Arrays.fill(words, -1L);
    }
    return all;
  }

  /** Every vertex of these blocks, by level. */
  public static Map<FieldLevel, long[][]> of(SceneField field, Map<FieldLevel, int[]> blocks) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    blocks.forEach(
        (level, numbers) -> {
          long[][] mask = new long[field.grid(level).blockCount()][];
          for (int number : numbers) {
            mask[number] = new long[FrustumMask.WORDS];
            Arrays.fill(mask[number], -1L);
          }
          masks.put(level, mask);
        });
    return masks;
  }
}
