package io.roomfield.slam.field;

/** A family of small random networks, with every kind that a family may have. */
public final class SmallFamily {
  static final Decoder.Shape COLOUR = new Decoder.Shape(6, 16, 8, 2, 0, 3);

  private SmallFamily() {}

  /** Grids of 4, 8, 12 and 16 channels: coarse, mid, fine, colour. */
  public static DecoderFamily complete() {
    return new DecoderFamily(
        "small",
        network(0, 4, 1, 1),
        network(6, 8, 0, 1),
        network(6, 20, Decoder.NO_SKIP, 1),
        COLOUR,
        encoder(16, 4),
        encoder(DecoderFamily.ENCODER_INPUTS, 8),
        encoder(DecoderFamily.ENCODER_INPUTS, 12));
  }

  public static DecoderFamily withoutOptional() {
    DecoderFamily all = complete();
    return new DecoderFamily("small", null, all.mid(), all.fine(), COLOUR, null, null, null);
  }

  /** Two blocks of width 8. */
  static Decoder network(int encodingSize, int features, int skipAfter, int outputs) {
    Decoder.Shape shape = new Decoder.Shape(encodingSize, features, 8, 2, skipAfter, outputs);
    return DecoderWeights.random(shape, 1, features);
  }

  public static Decoder encoder(int inputs, int outputs) {
    return network(0, inputs, Decoder.NO_SKIP, outputs);
  }
}
