package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DepthErrorTest {
  @Test
  void signsDoNotCancel() {
    // Quarters of a metre have no rounding.
    DepthError error = DepthError.of(new double[] {-0.25, 0.5, 1.5});
    assertThat(error).isEqualTo(new DepthError(75, 50));
  }

  @Test
  void noDepthsHaveNoError() {
    assertThat(DepthError.of(new double[0]).meanCm()).isNaN();
    assertThat(DepthError.of(new double[0]).medianCm()).isNaN();
  }
}
