package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PackedDepthTest {
  @Test
  void depthIsKeptToATenthOfAMillimetre() {
    SplittableRandom random = new SplittableRandom(1);
    float[] metres = new float[1000];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = (float) random.nextDouble(0, PackedDepth.MAX_METRES);
    }
    float[] unpacked = PackedDepth.of(metres).metres();
    // half a step, and the roundings of a float of several metres
    Offset<Float> halfAStep = Offset.offset(PackedDepth.RESOLUTION_METRES / 2 + 1e-6f);
    for (int i = 0; i < metres.length; i++) {
      assertThat(unpacked[i]).isCloseTo(metres[i], halfAStep);
    }
  }

  @Test
  void noReadingStaysNoneAndWhatIsTooFarBecomesNone() {
    assertThat(PackedDepth.of(new float[] {0f, 6.55f, 6.56f, 1000f}).metres())
        .containsExactly(new float[] {0f, 6.55f, 0f, 0f}, Offset.offset(1e-6f)); // float rounding
  }
}
