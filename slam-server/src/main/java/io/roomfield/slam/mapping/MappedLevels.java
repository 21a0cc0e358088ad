package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FramePixels;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which levels of a map are allocated and optimised, and where a frame lets them be.
 *
 * @param encodesCoarse whether the coarse level comes from the encoder, and is neither allocated
 *     nor optimised
 */
record MappedLevels(
    SceneField field, boolean encodesCoarse, BlockAllocator allocator, FrustumMask frustum) {

  private static final FieldLevel[] SEEN = {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR};

  /** Allocates the blocks that a frame's rays pass. */
  void allocate(FramePixels pixels, SE3 pose) {
    for (FieldLevel level : FieldLevel.values()) {
      if (field.grid(level) != null && !(level == FieldLevel.COARSE && encodesCoarse)) {
        allocator.allocate(field.grid(level), pixels, pose);
      }
    }
  }

  boolean optimisesCoarse() {
    return field.coarse() != null && !encodesCoarse;
  }

  /** The levels whose features come from optimising. */
  Set<FieldLevel> optimised() {
    Set<FieldLevel> levels = EnumSet.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR);
    if (optimisesCoarse()) {
      levels.add(FieldLevel.COARSE);
    }
    return levels;
  }

  /** Per level, the vertices that a frame's round may change. */
  Map<FieldLevel, long[][]> masks(FramePixels pixels, SE3 pose) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : SEEN) {
      if (field.hasFeatures(level)) {
        masks.put(level, frustum.of(field.grid(level), pixels, pose));
      }
    }
    if (optimisesCoarse()) {
      // Its rays come from all keyframes, and its vertices lie metres apart: few are in view.
      masks.put(FieldLevel.COARSE, WholeMask.of(field.coarse()));
    }
    return masks;
  }
}
