package io.roomfield.slam.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FieldLevel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FieldGradientTest {
  private final Decoder decoder =
      DecoderWeights.randomColour(new Decoder.Shape(93, 32, 32, 5, 2, 3), 1);
  private final FieldGradient gradient = new FieldGradient(2);

  @Test
  void keepsTheWeightsThatAreActive() {
    assertThat(gradient.weights(FieldLevel.COLOUR, 1)).isNull();
    gradient.activateWeights(FieldLevel.COLOUR, decoder);
    assertThat(gradient.weights(FieldLevel.COLOUR, 1)).hasSize(decoder.weights().length);
    assertThat(gradient.weights(FieldLevel.MID, 1)).isNull();
    gradient.deactivateWeights(FieldLevel.COLOUR);
    assertThat(gradient.weights(FieldLevel.COLOUR, 1)).isNull();
    gradient.activateWeights(FieldLevel.COLOUR, decoder);
    gradient.deactivateAll();
    assertThat(gradient.weights(FieldLevel.COLOUR, 1)).isNull();
  }

  @Test
  void activatingAgainKeepsTheSums() {
    gradient.activateWeights(FieldLevel.MID, decoder);
    Arrays.fill(gradient.weights(FieldLevel.MID, 0), 1f);
    gradient.activateWeights(FieldLevel.MID, decoder);
    assertThat(gradient.weights(FieldLevel.MID, 0)).containsOnly(1f);
    gradient.clear();
    assertThat(gradient.weights(FieldLevel.MID, 0)).containsOnly(0f);
  }

  @Test
  void aDecoderOfAnotherSizeStartsAnew() {
    gradient.activateWeights(FieldLevel.MID, decoder);
    Decoder coarse = DecoderWeights.randomCoarse(1);
    gradient.activateWeights(FieldLevel.MID, coarse);
    assertThat(gradient.weights(FieldLevel.MID, 0)).hasSize(coarse.weights().length);
  }
}
