package io.roomfield.slam.mapping;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which keyframe every block of the grids belongs to: the one around which it was first seen. When
 * that keyframe's pose is corrected, the block moves with it.
 */
final class BlockAnchors {
  /** Per level, keyframe ids by block number. */
  private final Map<FieldLevel, List<Integer>> anchors = new EnumMap<>(FieldLevel.class);

  BlockAnchors() {
    for (FieldLevel level : FieldLevel.values()) {
      anchors.put(level, new ArrayList<>());
    }
  }

  /** Anchors the blocks that were allocated since the last call. */
  void anchorNew(SceneField field, int keyframe) {
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = field.grid(level);
      List<Integer> ids = anchors.get(level);
      while (grid != null && ids.size() < grid.blockCount()) {
        ids.add(keyframe);
      }
    }
  }

  /** Id of a block's keyframe. */
  int of(FieldLevel level, int block) {
    return anchors.get(level).get(block);
  }

  /** Anchors a block anew, or the next one for the first time. */
  void anchor(FieldLevel level, int block, int keyframe) {
    List<Integer> ids = anchors.get(level);
    if (block == ids.size()) {
      ids.add(keyframe);
    } else {
      ids.set(block, keyframe);
    }
  }
}
