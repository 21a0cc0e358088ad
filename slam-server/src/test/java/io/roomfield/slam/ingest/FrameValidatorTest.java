package io.roomfield.slam.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameValidatorTest {
  private static final int EDGE = 16;

  @Test
  void sequenceNumbersMustIncreaseAndMayHaveGaps() {
    FrameValidator validator = new FrameValidator(1000);
    validator.checkOrder(5, 50);
    validator.accept(5, 50);

    validator.checkOrder(9, 51);
    assertThatThrownBy(() -> validator.checkOrder(5, 60))
        .hasMessage("frame 5: sequence number: 5 (expected: > 5, the last accepted frame's)");
    assertThatThrownBy(() -> validator.checkOrder(4, 60))
        .isInstanceOfSatisfying(
            BadInputException.class, e -> assertThat(e.field()).isEqualTo("frame.sequence_number"));
  }

  @Test
  void sequenceNumbersAreUnsigned() {
    FrameValidator validator = new FrameValidator(1000);
    validator.accept(Long.MAX_VALUE, 1);

    validator.checkOrder(Long.MIN_VALUE, 2); // 2^63 as the API has it
    assertThatThrownBy(() -> validator.checkOrder(0, 2)).isInstanceOf(BadInputException.class);
  }

  /** In an opened map they would be taken for its keyframes. */
  @Test
  void numbersOfOpenedMapsKeyframesAreRefused() {
    FrameValidator validator = new FrameValidator(1000);
    validator.checkOrder((1L << 31) * -1 - 1, 1);
    for (int keyframe : new int[] {0, 1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> validator.checkOrder(FrameValidator.keyframeNumber(keyframe), 1))
          .hasMessageContaining(
              "(expected: < 18446744071562067968, where numbers of opened maps' keyframes begin)");
    }
  }

  @Test
  void timestampsMustIncrease() {
    FrameValidator validator = new FrameValidator(1000);
    validator.accept(1, -100);

    validator.checkOrder(2, -99);
    for (long timestamp : new long[] {-100, -101}) {
      assertThatThrownBy(() -> validator.checkOrder(2, timestamp))
          .isInstanceOfSatisfying(
              BadInputException.class, e -> assertThat(e.field()).isEqualTo("frame.timestamp_ns"));
    }
  }

  @Test
  void arefusedFrameMayComeAgain() {
    FrameValidator validator = new FrameValidator(1000);
    assertThatThrownBy(() -> validator.checkDepth(frame(1, 1, 0)))
        .isInstanceOf(BadInputException.class);

    assertThatNoException().isThrownBy(() -> validator.checkOrder(1, 1));
  }

  @Test
  void depthMayNotBeAllZero() {
    assertThatThrownBy(() -> new FrameValidator(1000).checkDepth(frame(3, 3, 0)))
        .hasMessage("frame 3: depth image: all zero (expected: at least one pixel with a reading)");
  }

  @Test
  void medianIsOfValidDepthsOnly() {
    float[] depths = new float[EDGE * EDGE];
    Arrays.fill(depths, 0, 9, 3f);

    assertThatNoException()
        .isThrownBy(() -> new FrameValidator(1000).checkDepth(frame(1, 1, depths)));
  }

  /** A few wild readings do not make a wrong scale. */
  @Test
  void outliersDoNotCount() {
    float[] depths = new float[EDGE * EDGE];
    Arrays.fill(depths, 2f);
    Arrays.fill(depths, 0, 100, 65f);

    assertThatNoException()
        .isThrownBy(() -> new FrameValidator(1000).checkDepth(frame(1, 1, depths)));
  }

  /** 2 m in millimetres, declared as metres: millimetres and TUM's 5000 would both be rooms. */
  @Test
  void wrongScaleNamesThoseThatWouldFit() {
    assertThatThrownBy(() -> new FrameValidator(1).checkDepth(frame(1, 1, 2000)))
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> {
              assertThat(e.field()).isEqualTo("depth_scale");
              assertThat(e.got()).isEqualTo("2000 m at depth scale 1");
              assertThat(e.expected())
                  .isEqualTo("0.1 to 20.0 m; a depth scale of 1000 or 5000 or 6553.5 would fit");
            });
  }

  @Test
  void scaleThatFitsNoSensorIsARange() {
    // Median value 0.01 m x 10 = 0.1 units: even metres are out of range.
    assertThatThrownBy(() -> new FrameValidator(10).checkDepth(frame(1, 1, 0.0099f)))
        .hasMessageContaining("a depth scale from 0.004950 to 0.9900 would fit");
  }

  private static RgbdFrame frame(long sequenceNumber, long timestampNanos, float depth) {
    float[] depths = new float[EDGE * EDGE];
    Arrays.fill(depths, depth);
    return frame(sequenceNumber, timestampNanos, depths);
  }

  private static RgbdFrame frame(long sequenceNumber, long timestampNanos, float[] depths) {
    return new RgbdFrame(
        sequenceNumber, timestampNanos, EDGE, EDGE, depths, new byte[3 * depths.length], null);
  }
}
