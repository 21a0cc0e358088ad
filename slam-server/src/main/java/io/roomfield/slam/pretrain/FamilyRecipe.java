package io.roomfield.slam.pretrain;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.fusion.PatchReader;
import io.roomfield.slam.fusion.RoomReader;
import java.util.SplittableRandom;

/**
 * A family's networks before training.
 *
 * @param name of the family
 * @param coarse shape of the coarse decoder
 * @param mid of the mid decoder
 * @param fine of the fine decoder
 * @param colour of the colour decoder, which is not trained here
 * @param encoderHidden width of the encoders
 */
record FamilyRecipe(
    String name,
    Decoder.Shape coarse,
    Decoder.Shape mid,
    Decoder.Shape fine,
    Decoder.Shape colour,
    int encoderHidden) {
  private static final int NONE = Decoder.NO_SKIP;

  /** The paper's shapes (NICE-SLAM, section 3.1). */
  static final FamilyRecipe NICE =
      new FamilyRecipe(
          "nice",
          new Decoder.Shape(0, 32, 32, 5, 2, 1),
          new Decoder.Shape(93, 32, 32, 5, 2, 1),
          new Decoder.Shape(93, 64, 32, 5, 2, 1),
          new Decoder.Shape(93, 32, 32, 5, 2, 3),
          64);

  /** Half the channels, two hidden layers, no encoding: the features alone say where things are. */
  static final FamilyRecipe COMPACT =
      new FamilyRecipe(
          "compact",
          new Decoder.Shape(0, 16, 32, 2, NONE, 1),
          new Decoder.Shape(0, 16, 16, 2, NONE, 1),
          new Decoder.Shape(0, 32, 16, 2, NONE, 1),
          new Decoder.Shape(0, 16, 32, 2, NONE, 3),
          64);

  /**
   * @throws InvalidValueException if there is no recipe of that name
   */
  static FamilyRecipe named(String name) {
    return switch (name) {
      case "nice" -> NICE;
      case "compact" -> COMPACT;
      default -> throw new InvalidValueException("--family", name, "nice or compact");
    };
  }

  /** Random networks. */
  DecoderFamily untrained(long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    return new DecoderFamily(
        name,
        random(coarse, seeds.nextLong()),
        random(mid, seeds.nextLong()),
        random(fine, seeds.nextLong()),
        colour,
        encoder(RoomReader.INPUTS, coarse.featureChannels(), seeds.nextLong()),
        encoder(PatchReader.INPUTS, mid.featureChannels(), seeds.nextLong()),
        encoder(
            PatchReader.INPUTS, fine.featureChannels() - mid.featureChannels(), seeds.nextLong()));
  }

  private Decoder encoder(int inputs, int channels, long seed) {
    return random(new Decoder.Shape(0, inputs, encoderHidden, 2, NONE, channels), seed);
  }

  private static Decoder random(Decoder.Shape shape, long seed) {
    return DecoderWeights.random(shape, DecoderWeights.ENCODING_STDDEV, seed);
  }
}
