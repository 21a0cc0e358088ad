package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import io.roomfield.slam.v1.TrackedPose;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PoseStreamTest {
  private final RecordedCall<TrackedPose> call = new RecordedCall<>();
  private final PoseStream stream = new PoseStream(call);

  @Test
  void slowReaderLosesTheOldestPoses() {
    int lost = 5;
    int all = PoseStream.CAPACITY + lost;
    LongStream.rangeClosed(1, all).forEach(i -> stream.tracked(result(i)));
    assertThat(call.sent()).isEmpty();

    call.read(all);
    stream.sendWaiting();

    assertThat(call.sent())
        .extracting(TrackedPose::getSequenceNumber)
        .containsExactlyElementsOf(LongStream.rangeClosed(lost + 1, all).boxed().toList());
  }

  @Test
  void endsWhenTheLastPoseHasBeenRead() {
    stream.tracked(result(1));
    stream.ended();
    assertThat(call.hasEnded()).isFalse();

    call.read(1);
    stream.sendWaiting();

    assertThat(call.sent()).hasSize(1);
    assertThat(call.end()).isNull();
  }

  @Test
  void cancelledStreamSendsNothing() {
    call.read(2);
    stream.cancel();

    stream.tracked(result(1));
    stream.ended();

    assertThat(call.sent()).isEmpty();
    assertThat(call.hasEnded()).isFalse();
  }

  private static TrackingResult result(long sequenceNumber) {
    return new TrackingResult(
        sequenceNumber,
        sequenceNumber,
        SE3.IDENTITY,
        SE3.IDENTITY,
        TrackingStatus.TRACKING,
        "",
        true,
        new double[36],
        0,
        0,
        0);
  }
}
