package io.roomfield.slam.mapping;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Masks that let every vertex of mid, fine and colour change, for the final refinement. */
final class WholeMask {
  private WholeMask() {}

  static Map<FieldLevel, long[][]> of(SceneField field) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR}) {
      long[][] all = new long[field.grid(level).blockCount()][FrustumMask.WORDS];
      for (long[] words : all) {
        Arrays.fill(words, -1L);
      }
      masks.put(level, all);
    }
    return masks;
  }
}
