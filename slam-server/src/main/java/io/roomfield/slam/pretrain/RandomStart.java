package io.roomfield.slam.pretrain;

import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.BlockAllocator;
import io.roomfield.slam.mapping.EmptyField;
import io.roomfield.slam.mapping.MappingStage;
import io.roomfield.slam.render.RenderSettings;
import java.util.List;

/**
 * Random features, as published; then the mid stage for its share of the iterations, and the fine
 * stage for the rest, which stands for the fine and colour stages of a mapping round.
 */
record RandomStart(
    GridConfig grid, DecoderFamily family, MappingConfig mapping, RenderSettings settings)
    implements FieldStart {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public SceneField start(List<View> keyframes, long seed) {
    SceneField field = EmptyField.create(grid, family, seed);
    for (View view : keyframes) {
      BlockAllocator allocator = new BlockAllocator(view.camera(), settings);
      allocator.allocate(field.mid(), view.pixels(), view.worldFromCamera());
      allocator.allocate(field.fine(), view.pixels(), view.worldFromCamera());
    }
    return field;
  }

  @Override
  public MappingStage stage(int i, int iterations) {
    MappingStage stage = MappingStage.of(i, iterations, mapping);
    return stage == MappingStage.MID ? MappingStage.MID : MappingStage.FINE;
  }
}
