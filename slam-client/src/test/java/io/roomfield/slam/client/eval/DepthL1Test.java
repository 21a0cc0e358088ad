package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DepthL1Test {
  @Test
  void poolsPixelsThatBothImagesHave() {
    DepthL1 depth = new DepthL1();
    depth.add(new float[] {1, 2, 0, 4}, new float[] {1.5f, 1.75f, 3, 0});
    depth.add(new float[] {2, 0}, new float[] {2, 0});
    // halves and quarters are exact in float
    assertThat(depth.meanMetres().orElseThrow()).isEqualTo(0.25, within(1e-15));
    assertThat(depth.coverage()).isEqualTo(0.75);
    assertThat(depth.pixels()).isEqualTo(3);
  }

  @Test
  void withoutCommonPixelsThereIsNoMean() {
    DepthL1 depth = new DepthL1();
    assertThat(depth.coverage()).isZero();
    depth.add(new float[] {1, 0, Float.NaN}, new float[] {0, 1, 1});
    assertThat(depth.meanMetres()).isEmpty();
    assertThat(depth.coverage()).isZero();
  }

  @Test
  void sizesMustAgree() {
    assertThatThrownBy(() -> new DepthL1().add(new float[4], new float[3]))
        .hasMessage("depth: rendered image has 3 pixels (expected: 4 as the sensor's)");
  }
}
