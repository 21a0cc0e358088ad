package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.CoarseEncoder;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.render.FieldGradient;

/** An episode's coarse level, encoded from its fused depth. */
final class CoarseField {
  private final SceneField field;
  private final CoarseEncoder encoder;

  /**
   * @param coarseVoxel voxel edge in metres
   */
  CoarseField(DecoderFamily family, double coarseVoxel, FusedDepth fused, ComputeBackend backend) {
    FeatureGrid grid = new FeatureGrid(coarseVoxel, family.channels(FieldLevel.COARSE), 0f, 0);
    field =
        new SceneField(grid, null, null, null, family.coarse(), family.mid(), family.fine(), null);
    encoder = new CoarseEncoder(grid, family.coarseEncoder(), fused, backend);
  }

  SceneField field() {
    return field;
  }

  CoarseEncoder encoder() {
    return encoder;
  }

  /** Keeps the gradient of all features and of the decoder's weights. */
  void activate(FieldGradient gradient) {
    gradient.deactivateAll();
    for (int block = 0; block < field.coarse().blockCount(); block++) {
      gradient.activate(FieldLevel.COARSE, field.coarse(), block);
    }
    gradient.activateWeights(FieldLevel.COARSE, field.coarseDecoder());
    gradient.clear();
  }
}
