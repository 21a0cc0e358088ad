package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DecoderWeightsTest {
  private static final Decoder.Shape COLOUR = new Decoder.Shape(93, 32, 32, 5, 2, 3);

  @Test
  void randomColourIsDrawnAsTorchDrawsIt() {
    Decoder decoder = DecoderWeights.randomColour(COLOUR, 3);
    Decoder.Shape shape = decoder.shape();
    assertThat(shape).isEqualTo(COLOUR);
    // 279 normal draws: their standard deviation is within 4 sigma = 4 * 25 / sqrt(2 * 279).
    assertThat(rootMeanSquare(decoder.encoding(), 0, 279)).isCloseTo(25, within(4.3));
    for (int i = 0; i < shape.blocks(); i++) {
      int inputs = shape.blockInputs(i);
      assertUniform(
          decoder,
          shape.weightOffset(i),
          32 * inputs,
          Math.sqrt(2) * Math.sqrt(6.0 / (inputs + 32)));
      assertThat(rootMeanSquare(decoder.weights(), shape.biasOffset(i), 32)).isZero();
      assertUniform(decoder, shape.featureWeightOffset(i), 32 * 32 + 32, 1 / Math.sqrt(32));
    }
    assertUniform(decoder, shape.outputWeightOffset(), 3 * 32, Math.sqrt(6.0 / (32 + 3)));
    assertThat(rootMeanSquare(decoder.weights(), shape.outputBiasOffset(), 3)).isZero();
    assertThat(DecoderWeights.randomColour(COLOUR, 3).weights()).isEqualTo(decoder.weights());
    assertThat(DecoderWeights.randomColour(COLOUR, 4).weights()).isNotEqualTo(decoder.weights());
  }

  /** Every figure in the docs began with these numbers: hashes of what seed 1 gave then. */
  @Test
  void theSameSeedGivesTheNumbersItAlwaysGave() {
    Decoder decoder = DecoderWeights.randomColour(COLOUR, 1);
    assertThat(Arrays.hashCode(decoder.encoding())).isEqualTo(507397897);
    assertThat(Arrays.hashCode(decoder.weights())).isEqualTo(1924416290);
    assertThat(Arrays.hashCode(DecoderWeights.randomCoarse(1).weights())).isEqualTo(186985369);
  }

  @Test
  void theEncodingsSpreadIsChosen() {
    Decoder decoder = DecoderWeights.random(COLOUR, 5, 3);
    // As above: 4 sigma of 279 draws.
    assertThat(rootMeanSquare(decoder.encoding(), 0, 279)).isCloseTo(5, within(0.9));
  }

  @Test
  void randomCoarseHasNoEncoding() {
    Decoder decoder = DecoderWeights.randomCoarse(3);
    assertThat(decoder.shape()).isEqualTo(new Decoder.Shape(0, 32, 32, 5, 2, 1));
    assertThat(decoder.encoding()).isEmpty();
    assertUniform(decoder, 0, 32 * 32, Math.sqrt(2) * Math.sqrt(6.0 / 64));
  }

  @Test
  void aPlainNetworkIsDrawnToo() {
    Decoder.Shape shape = new Decoder.Shape(0, 250, 64, 2, Decoder.NO_SKIP, 32);
    Decoder encoder = DecoderWeights.random(shape, 1, 3);
    assertUniform(encoder, 0, 64 * 250, Math.sqrt(2) * Math.sqrt(6.0 / (250 + 64)));
    assertUniform(encoder, shape.outputWeightOffset(), 32 * 64, Math.sqrt(6.0 / (64 + 32)));
  }

  /**
   * Within the bound, and with a uniform distribution's spread: the root mean square of n draws is
   * bound / sqrt(3) with a relative standard deviation of 0.45 / sqrt(n); 4 of those are allowed.
   */
  private static void assertUniform(Decoder decoder, int at, int count, double bound) {
    for (int i = at; i < at + count; i++) {
      assertThat(Math.abs(decoder.weights()[i])).isLessThanOrEqualTo((float) bound);
    }
    assertThat(rootMeanSquare(decoder.weights(), at, count) * Math.sqrt(3) / bound)
        .isCloseTo(1, within(4 * 0.45 / Math.sqrt(count)));
  }

  private static double rootMeanSquare(float[] values, int at, int count) {
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += values[i] * values[i];
    }
    return Math.sqrt(sum / count);
  }
}
