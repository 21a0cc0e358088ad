package io.roomfield.slam.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // no test waits for time to pass; this ends one that hangs
class FrameStreamerTest {
  private final InProcessService server = new InProcessService();
  private final List<String> events = new ArrayList<>();

  private final FrameListener listener =
      new FrameListener() {
        @Override
        public void accepted(long sequenceNumber) {
          events.add("accepted " + sequenceNumber);
        }

        @Override
        public void rejected(long sequenceNumber, FrameRejected refusal) {
          events.add("rejected " + sequenceNumber + ": " + refusal.getMessage());
        }

        @Override
        public void tracked(PoseEstimate pose, FrameTracked detail) {
          events.add("tracked " + pose.sequenceNumber());
        }

        @Override
        public void dropped(long sequenceNumber, String reason) {
          events.add("dropped " + sequenceNumber + ": " + reason);
        }
      };

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRejectedFrameDoesNotEndTheStream() throws InterruptedException {
    server.service().rejected.add(1L);
    server.service().dropped.add(2L);
    try (FrameStreamer streamer = stream(8)) {
      for (long i = 0; i < 4; i++) {
        send(streamer, i);
      }
      streamer.finish();
    }
    assertThat(events)
        .containsExactly(
            "accepted 0",
            "tracked 0",
            "rejected 1: frame refused",
            "accepted 2",
            "dropped 2: too late",
            "accepted 3",
            "tracked 3");
  }

  @Test
  void keepsNoMoreFramesInFlightThanAllowed() throws InterruptedException, ExecutionException {
    server.service().holdAnswersBack = true;
    try (FrameStreamer streamer = stream(2);
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      send(streamer, 0);
      send(streamer, 1);
      CountDownLatch started = new CountDownLatch(1);
      Future<?> third =
          sender.submit(
              () -> {
                started.countDown();
                send(streamer, 2);
                return null;
              });
      started.await();
      assertThat(server.service().heldBack).as("the third waits").hasSize(2);
      server.service().settleOldest();
      third.get();
      assertThat(server.service().heldBack).hasSize(2);
      server.service().settleOldest();
      server.service().settleOldest();
      streamer.finish();
    }
    assertThat(events).contains("tracked 0", "tracked 1", "tracked 2");
  }

  @Test
  void anOfferIsDeclinedWhileTooManyFramesAreInFlight() throws InterruptedException {
    server.service().holdAnswersBack = true;
    ColourImage colour = ColourImage.getDefaultInstance();
    DepthImage depth = DepthImage.getDefaultInstance();
    try (FrameStreamer streamer = stream(2)) {
      send(streamer, 0);
      assertThat(streamer.offer(1, 1, colour, depth)).isTrue();
      assertThat(streamer.offer(2, 2, colour, depth)).isFalse();
      server.service().settleOldest();
      server.service().settleOldest();
      streamer.finish();
    }
    assertThat(events).contains("tracked 0", "tracked 1").doesNotContain("accepted 2");
  }

  @Test
  void aBrokenStreamFailsTheNextSendAndTheEnd() throws InterruptedException {
    try (FrameStreamer streamer = stream(2)) {
      send(streamer, 0);
      server.service().breakStream(Status.INTERNAL.withDescription("session x: engine failed"));
      SlamClientException failure =
          catchThrowableOfType(SlamClientException.class, () -> send(streamer, 1));
      assertThat(failure).hasMessage("StreamFrames: session x: engine failed");
      assertThat(failure.code()).isEqualTo(Status.Code.INTERNAL);
      assertThat(catchThrowableOfType(SlamClientException.class, streamer::finish))
          .hasMessage("StreamFrames: session x: engine failed");
    }
  }

  @Test
  void closingBreaksTheStreamOff() throws InterruptedException {
    try (FrameStreamer streamer = stream(2)) {
      send(streamer, 0);
    }
    assertThat(server.service().calls).containsExactly("cancelled");
  }

  @Test
  void aListenerThatFailsEndsTheStream() throws InterruptedException {
    FrameListener failing =
        new FrameListener() {
          @Override
          public void rejected(long sequenceNumber, FrameRejected refusal) {}

          @Override
          public void tracked(PoseEstimate pose, FrameTracked detail) {
            throw new IllegalStateException("disk full");
          }

          @Override
          public void dropped(long sequenceNumber, String reason) {}
        };
    try (FrameStreamer streamer =
        server.client().streamFrames(FakeSlamService.SESSION_ID, 2, failing)) {
      send(streamer, 0);
      SlamClientException failure =
          catchThrowableOfType(SlamClientException.class, streamer::finish);
      assertThat(failure).hasRootCauseMessage("disk full");
    }
  }

  private FrameStreamer stream(int maxInFlight) {
    return server.client().streamFrames(FakeSlamService.SESSION_ID, maxInFlight, listener);
  }

  private static void send(FrameStreamer streamer, long sequenceNumber)
      throws InterruptedException {
    streamer.send(
        sequenceNumber,
        sequenceNumber,
        ColourImage.getDefaultInstance(),
        DepthImage.getDefaultInstance());
  }
}
