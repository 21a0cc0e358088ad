package io.roomfield.slam.field;

import java.util.function.Function;

/**
 * The map: four feature grids and the decoders that read them (NICE-SLAM, section 3.1). A mapper's
 * own field is mutable; a published one (see {@code MapSnapshot}) never changes.
 *
 * @param coarse grid of the coarse level, or null where the preset has none
 * @param coarseDecoder its decoder, or null
 */
public record SceneField(
    FeatureGrid coarse,
    FeatureGrid mid,
    FeatureGrid fine,
    FeatureGrid colour,
    Decoder coarseDecoder,
    Decoder midDecoder,
    Decoder fineDecoder,
    Decoder colourDecoder) {

  public FeatureGrid grid(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarse;
      case MID -> mid;
      case FINE -> fine;
      case COLOUR -> colour;
    };
  }

  /** A level's decoder, or null. */
  public Decoder decoder(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarseDecoder;
      case MID -> midDecoder;
      case FINE -> fineDecoder;
      case COLOUR -> colourDecoder;
    };
  }

  /**
   * A read-only picture: see {@link FeatureGrid#snapshot}.
   *
   * @param previous the last picture, or null
   * @param dirty per level, which blocks changed since
   */
  public SceneField snapshot(SceneField previous, Function<FieldLevel, boolean[]> dirty) {
    return new SceneField(
        snapshot(FieldLevel.COARSE, previous, dirty),
        snapshot(FieldLevel.MID, previous, dirty),
        snapshot(FieldLevel.FINE, previous, dirty),
        snapshot(FieldLevel.COLOUR, previous, dirty),
        coarseDecoder,
        midDecoder,
        fineDecoder,
        colourDecoder.copy());
  }

  private FeatureGrid snapshot(
      FieldLevel level, SceneField previous, Function<FieldLevel, boolean[]> dirty) {
    FeatureGrid grid = grid(level);
    FeatureGrid old = previous == null ? null : previous.grid(level);
    return grid == null ? null : grid.snapshot(old, dirty.apply(level));
  }

  /** Bytes of the grids' features and the decoders' weights. */
  public long bytes() {
    long sum = mid.bytes() + fine.bytes() + colour.bytes();
    sum += coarse == null ? 0 : coarse.bytes();
    for (FieldLevel level : FieldLevel.values()) {
      Decoder decoder = decoder(level);
      sum += decoder == null ? 0 : 4L * (decoder.encoding().length + decoder.weights().length);
    }
    return sum;
  }
}
