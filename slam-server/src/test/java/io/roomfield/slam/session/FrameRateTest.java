package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameRateTest {
  private static final long SECOND = 1_000_000_000;

  private final FrameRate rate = new FrameRate(30, 0);

  /** Sends frames evenly; how many passed. */
  private int send(int perSecond, int seconds) {
    int passed = 0;
    for (int i = 0; i < perSecond * seconds; i++) {
      passed += rate.pass(i * SECOND / perSecond) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void whatKeepsToTheRatePasses() {
    assertThat(send(30, 10)).isEqualTo(300);
  }

  @Test
  void ofTwiceAsManyHalfPassesAfterTheFirstSecond() {
    assertThat(send(60, 10)).isBetween(329, 331); // a second's worth at once
    assertThat(rate.offered(10 * SECOND)).isBetween(59L, 61L);
  }

  @Test
  void aPauseSavesUpASecondsWorth() {
    assertThat(rate.pass(0)).isTrue();
    int passed = 0;
    for (int i = 0; i < 100; i++) {
      passed += rate.pass(1000 * SECOND) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(30);
  }
}
