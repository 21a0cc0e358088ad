package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SyntheticReaderTest {
  @Test
  void rendersFramesWithExactPoses() throws IOException {
    RgbdDataset dataset = SyntheticReader.read(1);
    assertThat(dataset.frames()).allMatch(frame -> frame.worldFromCamera().isPresent());
    RgbdEntry frame = dataset.frames().getFirst();
    int pixels = dataset.camera().width() * dataset.camera().height();
    assertThat(frame.colour().load().getData().size()).isEqualTo(3 * pixels);
    float[] metres =
        DepthImages.metres(frame.depth().load(), dataset.camera(), dataset.depthScale());
    for (float value : metres) {
      assertThat(value).as("a closed room has depth everywhere").isBetween(0.1f, 15f);
    }
  }
}
