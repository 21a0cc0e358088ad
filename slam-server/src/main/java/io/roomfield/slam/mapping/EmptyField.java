package io.roomfield.slam.mapping;

import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;

/**
 * The map before the first frame: empty grids, frozen geometry decoders, a random colour decoder.
 */
public final class EmptyField {
  private static final float INITIAL_STDDEV = 0.01f;
  private static final float INITIAL_STDDEV_FINE = 0.0001f;

  private EmptyField() {}

  public static SceneField create(GridConfig config, long seed) {
    Decoder mid = DecoderWeights.load(DecoderWeights.NICE, FieldLevel.MID);
    Decoder fine = DecoderWeights.load(DecoderWeights.NICE, FieldLevel.FINE);
    Decoder colour = DecoderWeights.randomColour(seed);
    Decoder coarse = config.coarseEnabled() ? DecoderWeights.randomCoarse(seed) : null;
    int midChannels = mid.shape().featureChannels();
    return new SceneField(
        coarse == null
            ? null
            : grid(config.coarseVoxel(), coarse.shape().featureChannels(), INITIAL_STDDEV, seed),
        grid(config.midVoxel(), midChannels, INITIAL_STDDEV, seed + 1),
        grid(
            config.fineVoxel(),
            fine.shape().featureChannels() - midChannels,
            INITIAL_STDDEV_FINE,
            seed + 2),
        grid(config.fineVoxel(), colour.shape().featureChannels(), INITIAL_STDDEV, seed + 3),
        coarse,
        mid,
        fine,
        colour);
  }

  private static FeatureGrid grid(double voxel, int channels, float stddev, long seed) {
    return new FeatureGrid(voxel, channels, stddev, seed);
  }
}
