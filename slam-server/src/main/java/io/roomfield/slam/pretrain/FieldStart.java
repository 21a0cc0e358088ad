package io.roomfield.slam.pretrain;

import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.MappingStage;
import java.util.List;

/** How a map begins, before its first iteration, and which stages should follow. */
interface FieldStart {
  /** For reports. */
  String name();

  /**
   * A field of its own, with mid and fine blocks wherever the keyframes' rays are sampled.
   *
   * @param seed of every random choice
   */
  SceneField start(List<View> keyframes, long seed);

  /** The stage, MID or FINE, of iteration {@code i} of {@code iterations}. */
  MappingStage stage(int i, int iterations);
}
