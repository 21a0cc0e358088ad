package io.roomfield.slam.mapping;

import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;

/**
 * The map before the first frame: empty grids, frozen geometry decoders (none in a joint family), a
 * random colour decoder.
 */
public final class EmptyField {
  private static final float INITIAL_STDDEV = 0.01f;
  private static final float INITIAL_STDDEV_FINE = 0.0001f;

  private EmptyField() {}

  /** A field with the decoders that the configuration names. */
  public static SceneField create(GridConfig config, long seed) {
    return create(config, DecoderFamily.load(config.decoders()), seed);
  }

  /** A field with these decoders, whatever the configuration names. */
  public static SceneField create(GridConfig config, DecoderFamily family, long seed) {
    Decoder coarse = config.coarseEnabled() ? coarseDecoder(family, seed) : null;
    boolean joint = family.isJoint();
    int midChannels = family.channels(FieldLevel.MID);
    int fineChannels = family.channels(FieldLevel.FINE);
    return new SceneField(
        coarse == null
            ? null
            : grid(config.coarseVoxel(), coarse.shape().featureChannels(), INITIAL_STDDEV, seed),
        joint ? null : grid(config.midVoxel(), midChannels, INITIAL_STDDEV, seed + 1),
        joint ? null : grid(config.fineVoxel(), fineChannels, INITIAL_STDDEV_FINE, seed + 2),
        grid(config.fineVoxel(), family.channels(FieldLevel.COLOUR), INITIAL_STDDEV, seed + 3),
        coarse,
        family.mid(),
        family.fine(),
        DecoderWeights.random(family.colour(), config.encodingStddev(), seed));
  }

  private static Decoder coarseDecoder(DecoderFamily family, long seed) {
    return family.coarse() == null ? DecoderWeights.randomCoarse(seed) : family.coarse();
  }

  private static FeatureGrid grid(double voxel, int channels, float stddev, long seed) {
    return new FeatureGrid(voxel, channels, stddev, seed);
  }
}
