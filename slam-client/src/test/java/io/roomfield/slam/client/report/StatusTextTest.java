package io.roomfield.slam.client.report;

import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_LOST;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_TRACKING;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_UNCERTAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.v1.TrackingStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void trackedSequenceNeedsOneSentence() {
    assertThat(StatusText.of(List.of(frame(0, TRACKING_STATUS_TRACKING, ""))))
        .containsExactly("Every one of the 1 frames was tracked.");
  }

  @Test
  void uncertainAndLostFramesAreNamedWithTheirReasons() {
    List<String> text =
        StatusText.of(
            List.of(
                frame(4, TRACKING_STATUS_TRACKING, ""),
                frame(5, TRACKING_STATUS_UNCERTAIN, "one plane"),
                frame(6, TRACKING_STATUS_UNCERTAIN, "one plane"),
                frame(7, TRACKING_STATUS_LOST, "no depth"),
                frame(9, TRACKING_STATUS_UNCERTAIN, "one plane")));
    assertThat(text).hasSize(5);
    assertThat(text.get(0)).isEqualTo("1 of 5 frames were tracked well.");
    assertThat(text.get(1)).startsWith("Uncertain: 3 frames (5-6, 9). ");
    assertThat(text.get(2)).startsWith("Lost: frame 7. ");
    assertThat(text.get(3)).isEqualTo("Reason for 3 frames (5-6, 9): one plane.");
    assertThat(text.get(4)).isEqualTo("Reason for frame 7: no depth.");
  }

  private static FrameReport frame(long number, TrackingStatus status, String reason) {
    return new FrameReport(number, status, reason, 0, 0, 0);
  }
}
