package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.ingest.TestImages;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SlamSessionTest {
  private static final int EDGE = 16;
  private static final int CAPACITY = 2;
  private static final int DEPTH_VALUE = 2500; // 2.5 m in millimetres

  private final FakeEngines engines = new FakeEngines();
  private final RecordedFates fates = new RecordedFates();
  private final SlamSession session =
      SlamSession.open(
          new SessionPlan(
              "session-under-test",
              new SessionSettings(
                  "label",
                  Presets.load(Presets.DEFAULT),
                  new PinholeCamera(EDGE, EDGE, 10, 10, 8, 8),
                  1000,
                  SE3.IDENTITY,
                  false),
              Ownership.of(Principal.LOCAL),
              Journal.NONE,
              Optional.empty()),
          engines,
          CAPACITY,
          new SlamMetrics(new SimpleMeterRegistry()),
          Tracing.none());
  private final FakeEngine engine = engines.last();

  @AfterEach
  void closeSession() {
    session.close();
  }

  @Test
  void acceptedFramesAreTrackedInOrder() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    engine.permit(2);
    put(writer, 1);
    put(writer, 2);

    assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
    assertThat(fates.next()).isEqualTo("tracked 2 keyframes=2");
    assertThat(session.trajectory().poses()).hasSize(2);
    assertThat(session.farthestDepthMetres()).isEqualTo(2.5f);
  }

  /** It may not; where it does, the others and the frames after it are told all the same. */
  @Test
  void aListenerThatThrowsTakesNothingFromOthers() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    session.listen(new Throwing(fates));
    session.listen(
        new PoseListener() {
          @Override
          public void tracked(TrackingResult result) {
            fates.tracked(result, 0);
          }

          @Override
          public void ended() {
            ended.countDown();
          }

          @Override
          public void suspended(BadInputException why) {
            ended();
          }
        });
    FrameWriter writer = session.openWriter(new Throwing(fates));
    engine.permit(2);
    for (int i = 1; i <= 2; i++) {
      writer.put(i, i, TestImages.raw(EDGE, EDGE, DEPTH_VALUE));
    }
    for (int i = 1; i <= 2; i++) {
      assertThat(fates.next()).isEqualTo("tracked %d keyframes=%d", i, i);
      assertThat(fates.next()).isEqualTo("tracked %d keyframes=0", i);
    }
    assertThat(session.state()).isEqualTo(SlamSession.State.OPEN);
    session.finish().join();
    ended.await();
  }

  /** Throws whatever it hears; of fates it first tells another. */
  private record Throwing(RecordedFates fates) implements FrameListener, PoseListener {
    private static IllegalStateException error() {
      return new IllegalStateException("a listener's error");
    }

    @Override
    public void accepted(long sequenceNumber) {
      throw error();
    }

    @Override
    public void refused(long sequenceNumber, BadInputException why) {
      throw error();
    }

    @Override
    public void tracked(TrackingResult result, int keyframes) {
      fates.tracked(result, keyframes);
      throw error();
    }

    @Override
    public void dropped(long sequenceNumber, String reason) {
      throw error();
    }

    @Override
    public void ready() {
      throw error();
    }

    @Override
    public void suspended(BadInputException why) {
      throw error();
    }

    @Override
    public void tracked(TrackingResult result) {
      throw error();
    }

    @Override
    public void ended() {
      throw error();
    }
  }

  @Test
  void countsWhatBecameOfFrames() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    engine.status(TrackingStatus.LOST);
    engine.permit(1);
    put(writer, 1);
    assertThatThrownBy(() -> put(writer, 1, 11)).isInstanceOf(BadInputException.class);
    fates.next();

    SessionStatistics statistics = session.statistics();
    assertThat(statistics.accepted()).isEqualTo(1);
    assertThat(statistics.rejected()).isEqualTo(1);
    assertThat(statistics.tracked()).isEqualTo(1);
    assertThat(statistics.lost()).isEqualTo(1);
    assertThat(statistics.uncertain()).isZero();
    assertThat(statistics.tracking()).isEqualTo(new SessionStatistics.Timing(2, 2, 1));
    assertThat(statistics.mapping().count()).isEqualTo(1);
    assertThat(statistics.lastMapped()).isPresent();
  }

  /** The thread holds one frame, the queue as many as it has room for; the next is refused. */
  @Test
  void fullQueueIsNotReadyAndRefuses() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    fates.awaitReady(); // the thread has taken frame 1 and waits for a permit
    put(writer, 2);
    put(writer, 3);

    assertThat(writer.ready()).isFalse();
    assertRefused(() -> put(writer, 4), Kind.LIMIT);

    engine.permit(1);
    fates.awaitReady();
    assertThat(writer.ready()).isTrue();
    put(writer, 4); // refused before, so it may come again
  }

  @Test
  void theEngineHearsWhetherFramesWaitBehindOne() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    fates.awaitReady(); // the thread has taken frame 1 and waits for a permit
    assertThat(engine.othersWaited()).isFalse();
    put(writer, 2);
    put(writer, 3);
    engine.permit(3);
    fates.next();
    fates.next();
    fates.next();
    assertThat(engine.othersWaited()).as("frame 3 behind frame 2").isTrue();
  }

  @Test
  void finishDrainsThenRefines() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    put(writer, 2);
    var finished = session.finish();

    assertThat(session.state()).isEqualTo(SlamSession.State.FINISHING);
    assertThat(writer.ready()).isTrue(); // to be told that it is over
    assertRefused(() -> put(writer, 3), Kind.WRONG_MOMENT);
    engine.permit(2);
    finished.join();

    assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
    assertThat(fates.next()).isEqualTo("tracked 2 keyframes=2");
    assertThat(engine.finished()).isTrue();
    assertThat(session.state()).isEqualTo(SlamSession.State.FINISHED);
    session.finish().join(); // idempotent
    assertRefused(() -> session.openWriter(new RecordedFates()), Kind.WRONG_MOMENT);
  }

  @Test
  void failureOfTheEngineIsKeptAndQueriesGoOn() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    engine.permit(1);
    put(writer, 1);
    assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");

    engine.failWith(
        new IllegalStateException("mapper", new ArithmeticException("loss is not finite")));
    put(writer, 2);
    put(writer, 3);
    engine.permit(1);

    assertThat(fates.next()).isEqualTo("dropped 2: loss is not finite");
    assertThat(fates.next()).isEqualTo("dropped 3: loss is not finite");
    session.finish().join(); // nothing to wait for
    assertThat(session.state()).isEqualTo(SlamSession.State.FAILED);
    assertThat(session.failure()).isEqualTo("loss is not finite");
    assertThat(session.trajectory().poses()).hasSize(1);
    assertThatThrownBy(() -> put(writer, 4))
        .hasMessage("session: FAILED: loss is not finite (expected: a session that is OPEN)");
  }

  @Test
  void closingDropsWhatWaits() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    fates.awaitReady();
    put(writer, 2);

    session.close();

    assertThat(List.of(fates.next(), fates.next()))
        .containsExactlyInAnyOrder(
            "dropped 1: the session was closed", "dropped 2: the session was closed");
    assertThat(engine.closed()).isTrue();
    assertThat(engine.finished()).isFalse();
    assertRefused(() -> put(writer, 3), Kind.NOT_FOUND);
  }

  /** A kept session whose frames are written down as the test says. */
  private SlamSession kept(Supplier<CompletableFuture<Void>> write) {
    Journal journal =
        new Journal() {
          @Override
          public boolean isKept() {
            return true;
          }

          @Override
          public CompletableFuture<Void> accept(RgbdFrame frame) {
            return write.get();
          }
        };
    return SlamSession.open(
        new SessionPlan("kept", session.settings(), session.ownership(), journal, Optional.empty()),
        engines,
        CAPACITY,
        new SlamMetrics(new SimpleMeterRegistry()),
        Tracing.none());
  }

  @Test
  void aFrameThatIsAcceptedWhileTheSessionFinishesIsGivenUp() throws InterruptedException {
    AtomicReference<SlamSession> finishing = new AtomicReference<>();
    try (SlamSession kept =
        kept(
            () -> {
              var unused = finishing.get().finish();
              return CompletableFuture.completedFuture(null);
            })) {
      finishing.set(kept);
      FrameWriter writer = kept.openWriter(fates);
      put(writer, 1);
      assertThat(fates.next()).isEqualTo("dropped 1: the session takes no more frames");
      writer.close();
      kept.finish().join();
      assertThat(kept.isIdle()).isTrue();
    }
  }

  /** It goes on when it is opened again, and leaves memory until then. */
  @Test
  void aSessionWhoseFirstFrameCannotBeWrittenHasFailed() throws InterruptedException {
    try (SlamSession kept =
        kept(() -> CompletableFuture.failedFuture(new IllegalStateException("no room")))) {
      FrameWriter writer = kept.openWriter(fates);
      assertRefused(() -> put(writer, 1), Kind.LIMIT);
      assertThat(fates.next()).isEqualTo("suspended");
      writer.close();
      kept.finish().join(); // its thread has ended
      assertThat(kept.state()).isEqualTo(SlamSession.State.FAILED);
      assertThat(kept.isIdle()).isTrue();
    }
  }

  @Test
  void deletingDropsWhatWaits() throws InterruptedException {
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    fates.awaitReady();
    put(writer, 2);

    session.abandon();

    // Frame 1 was under way, and hears why it stopped.
    assertThat(List.of(fates.next(), fates.next()))
        .containsExactlyInAnyOrder(
            "dropped 1: the session was closed", "dropped 2: the session was deleted");
    assertThat(writer.ready()).as("to be told that it is over").isTrue();
    assertRefused(() -> put(writer, 3), Kind.NOT_FOUND);
  }

  @Test
  void oneWriterAtATime() {
    FrameWriter first = session.openWriter(fates);
    assertRefused(() -> session.openWriter(new RecordedFates()), Kind.ALREADY_EXISTS);

    first.close();

    session.openWriter(new RecordedFates()).close();
  }

  /** Order is the session's, not the stream's; and each stream hears of its own frames only. */
  @Test
  void nextWriterGoesOnWhereTheFirstStopped() throws InterruptedException {
    FrameWriter first = session.openWriter(fates);
    put(first, 5);
    first.close();
    RecordedFates secondFates = new RecordedFates();
    FrameWriter second = session.openWriter(secondFates);
    assertRefused(() -> put(second, 4), Kind.INVALID);
    assertRefused(() -> put(second, 5, 51), Kind.INVALID);
    put(second, 6);
    engine.permit(2);

    assertThat(fates.next()).isEqualTo("tracked 5 keyframes=1");
    assertThat(secondFates.next()).isEqualTo("tracked 6 keyframes=2");
  }

  /** A client that did not hear the answer sends again what it is not sure of. */
  @Test
  void aFrameThatComesAgainIsAnsweredAndNotTrackedTwice() throws InterruptedException {
    FrameWriter first = session.openWriter(fates);
    put(first, 5);
    put(first, 6);
    engine.permit(1);
    assertThat(fates.next()).isEqualTo("tracked 5 keyframes=1");
    first.close();

    RecordedFates secondFates = new RecordedFates();
    FrameWriter second = session.openWriter(secondFates);
    assertThat(second.lastAccepted()).hasValue(6);
    put(second, 5);
    assertThat(secondFates.next()).isEqualTo("tracked 5 keyframes=1");
    put(second, 6);
    put(second, 6);
    engine.permit(1);

    assertThat(secondFates.next()).isEqualTo("tracked 6 keyframes=2");
    assertThat(secondFates.next()).as("each is answered").isEqualTo("tracked 6 keyframes=2");
    assertThat(session.statistics().accepted()).isEqualTo(2);
    assertThat(session.trajectory().poses()).hasSize(2);
  }

  @Test
  void poseListenersHearPosesUntilTheEnd() throws InterruptedException {
    List<String> heard = new ArrayList<>();
    PoseListener listener =
        new PoseListener() {
          @Override
          public void tracked(TrackingResult result) {
            heard.add("pose " + result.sequenceNumber());
          }

          @Override
          public void ended() {
            heard.add("end");
          }

          @Override
          public void suspended(BadInputException why) {
            heard.add("suspended");
          }
        };
    session.listen(listener);
    engine.permit(1);
    put(session.openWriter(fates), 1);

    session.finish().join();

    assertThat(heard).containsExactly("pose 1", "end");
    session.listen(listener); // too late: ended at once
    assertThat(heard).containsExactly("pose 1", "end", "end");
  }

  /** A client that sends the frames of half an hour leaves no trace of each. */
  @Test
  void framesOfLongAgoAreNotRecognised() {
    AcceptedFrames frames = new AcceptedFrames(Journal.NONE);
    int count = AcceptedFrames.RECOGNISED + 1;
    frames.restore(LongStream.range(0, count).mapToObj(i -> FrameRow.accepted(i, 10 * i)).toList());
    assertThat(frames.isKnown(0, 0)).isFalse();
    assertThat(frames.isKnown(1, 10)).isTrue();
    assertThat(frames.isKnown(count - 1, 10L * (count - 1))).isTrue();
  }

  private static void put(FrameWriter writer, long sequenceNumber) {
    put(writer, sequenceNumber, sequenceNumber * 10);
  }

  /** Throws what the listener hears: nothing is written down, so that it hears it at once. */
  private static void put(FrameWriter writer, long sequenceNumber, long timestampNanos) {
    writer.put(sequenceNumber, timestampNanos, TestImages.raw(EDGE, EDGE, DEPTH_VALUE));
    BadInputException refusal = ((RecordedFates) writer.listener()).takeRefusal();
    if (refusal != null) {
      throw refusal;
    }
  }

  private static void assertRefused(ThrowingCallable call, Kind kind) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BadInputException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
