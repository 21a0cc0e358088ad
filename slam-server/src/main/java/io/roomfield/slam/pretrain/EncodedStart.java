package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.mapping.FieldEncoder;
import io.roomfield.slam.mapping.MappingStage;
import java.util.List;

/**
 * Features encoded from the keyframes' fused depth, one keyframe after the other as SLAM does; then
 * the fine stage alone, for the mid level needs no stage of its own any more.
 *
 * @param random makes the empty map
 */
record EncodedStart(RandomStart random, ComputeBackend backend) implements FieldStart {
  @Override
  public String name() {
    return "encoded";
  }

  @Override
  public SceneField start(List<View> keyframes, long seed) {
    SceneField field = random.start(keyframes, seed);
    FusedDepth fused = FusedDepth.beside(field.fine().voxelEdge());
    FieldEncoder encoder =
        new FieldEncoder(random.family(), field, new DepthFusion(fused, backend), backend);
    for (View view : keyframes) {
      encoder.observe(view.pixels().depthMetres(), view.camera(), view.worldFromCamera());
    }
    return field;
  }

  @Override
  public MappingStage stage(int i, int iterations) {
    return MappingStage.FINE;
  }
}
