package io.roomfield.slam.field;

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

  /** Bytes of the grids' features and the decoders' weights. */
  public long bytes() {
    long sum = mid.bytes() + fine.bytes() + colour.bytes();
    sum += coarse == null ? 0 : coarse.bytes();
    for (Decoder decoder : new Decoder[] {coarseDecoder, midDecoder, fineDecoder, colourDecoder}) {
      sum += decoder == null ? 0 : 4L * (decoder.encoding().length + decoder.weights().length);
    }
    return sum;
  }
}
