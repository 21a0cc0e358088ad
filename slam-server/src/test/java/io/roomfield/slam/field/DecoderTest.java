package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DecoderTest {
  @Test
  void aNetworkWithoutSkipIsPlain() {
    Decoder.Shape encoder = new Decoder.Shape(0, 250, 64, 2, Decoder.NO_SKIP, 32);
    assertThat(encoder.blockInputs(0)).isEqualTo(250);
    assertThat(encoder.blockInputs(1)).isEqualTo(64);
    assertThat(encoder.outputInputs()).isEqualTo(64);
    assertThat(encoder.weightCount()).isEqualTo(251 * 64 + 65 * 64 + 65 * 32);
    assertThat(encoder.multiplyAdds()).isEqualTo(250 * 64 + 64 * 64 + 64 * 32);
  }

  @Test
  void aSkipAfterTheLastBlockLeadsToTheOutput() {
    Decoder.Shape shape = new Decoder.Shape(0, 8, 16, 2, 1, 1);
    assertThat(shape.blockInputs(1)).isEqualTo(16);
    assertThat(shape.outputInputs()).isEqualTo(24);
  }

  @Test
  void multiplyAddsAreThoseOfTheMatrices() {
    Decoder.Shape encoder = new Decoder.Shape(0, 250, 64, 2, Decoder.NO_SKIP, 32);
    assertThat(encoder.multiplyAdds()).isEqualTo(250 * 64 + 64 * 64 + 64 * 32);
    Decoder.Shape paper = new Decoder.Shape(93, 64, 32, 5, 2, 1);
    // Every block reads the features; the fourth the encoding again.
    assertThat(paper.multiplyAdds()).isEqualTo(32 * (93 + 3 * 32 + (93 + 32) + 5 * 64) + 32);
  }

  @Test
  void aNetworkOfThePositionAloneInjectsNothing() {
    Decoder.Shape position = new Decoder.Shape(93, 0, 256, 4, Decoder.NO_SKIP, 4);
    assertThat(position.inputSize()).isEqualTo(93);
    assertThat(position.weightCount()).isEqualTo(256 * (94 + 3 * 257) + 4 * 257);
    assertThatThrownBy(() -> new Decoder.Shape(0, 0, 16, 2, 0, 1))
        .hasMessageContaining("not both 0");
  }

  @Test
  void skipsThatAreNoBlocksAreRejected() {
    assertThatThrownBy(() -> new Decoder.Shape(0, 8, 16, 2, 2, 1))
        .hasMessageContaining("skip after 2");
    assertThatThrownBy(() -> new Decoder.Shape(0, 8, 16, 2, -2, 1))
        .hasMessageContaining("skip after -2");
  }
}
