package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.slam.compute.ComputeShare.Session;
import io.roomfield.slam.compute.ComputeShare.Turn;
import io.roomfield.slam.compute.ComputeShare.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a clock that the test moves: nothing waits but in the tests of waiting. */
@Timeout(20)
class ComputeShareTest {
  private static final long MILLI = 1_000_000;
  private static final int THREADS = 2;

  private final AtomicLong nanos = new AtomicLong();
  private final ComputeShare share = new ComputeShare(THREADS, nanos::get);

  /** A mapper that always has another iteration to do. */
  private static final class BusyMapper {
    final long sliceNanos;
    final double weight;
    final Turn turn;
    long usedNanos;

    BusyMapper(Session session, double weight, long sliceMillis) {
      this.weight = weight;
      sliceNanos = sliceMillis * MILLI;
      session.weight(weight);
      turn = session.ask(Work.MAPPING, THREADS);
    }

    double virtualNanos() {
      return usedNanos / weight;
    }

    double virtualSlice() {
      return sliceNanos / weight;
    }
  }

  /** Runs mappers until a time; they compute on all threads, so one after the other. */
  private void runUntil(long endMillis, List<BusyMapper> mappers) {
    while (nanos.get() < endMillis * MILLI) {
      BusyMapper next = mappers.stream().filter(m -> m.turn.isGranted()).findFirst().orElseThrow();
      assertThat(mappers.stream().filter(m -> m.turn.isGranted())).hasSize(1);
      nanos.addAndGet(next.sliceNanos);
      next.usedNanos += next.sliceNanos;
      next.turn.passOn();
    }
  }

  /** Whoever waits has at most a slice less, for its weight, than whoever runs. */
  @Test
  void sharesFollowWeightsWithinASlice() {
    List<BusyMapper> mappers =
        List.of(
            new BusyMapper(share.join(), 1, 7),
            new BusyMapper(share.join(), 3, 20),
            new BusyMapper(share.join(), 0.5, 3));
    for (long end = 100; end <= 5000; end += 100) {
      runUntil(end, mappers);
      for (BusyMapper one : mappers) {
        for (BusyMapper other : mappers) {
          assertThat(one.virtualNanos())
              .isCloseTo(
                  other.virtualNanos(), within(Math.max(one.virtualSlice(), other.virtualSlice())));
        }
      }
    }
  }

  @Test
  void aLoneSessionNeverWaits() {
    for (int threads : new int[] {1, 2, 16}) {
      ComputeShare own = new ComputeShare(threads, nanos::get);
      Session session = own.join();
      Turn mapping = session.ask(Work.MAPPING, threads);
      for (int i = 0; i < 10; i++) {
        Turn tracking = session.ask(Work.TRACKING, 1);
        assertThat(tracking.isGranted()).isTrue();
        nanos.addAndGet(3 * MILLI);
        mapping.passOn();
        assertThat(mapping.isGranted()).isTrue();
        nanos.addAndGet(3 * MILLI);
        tracking.close();
      }
    }
  }

  @Test
  void trackingDoesNotWaitForMapping() {
    Turn mapping = share.join().ask(Work.MAPPING, THREADS);
    assertThat(share.join().ask(Work.MAPPING, THREADS).isGranted()).isFalse();
    assertThat(share.join().ask(Work.TRACKING, 1).isGranted()).isTrue();
    assertThat(mapping.isGranted()).isTrue();
  }

  @Test
  void trackingGoesBeforeMappingThatHasHadLess() {
    List<Turn> trackers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      trackers.add(share.join().ask(Work.TRACKING, 1));
    }
    Turn mapping = share.join().ask(Work.MAPPING, 1);
    Session busy = share.join();
    busy.ask(Work.TRACKING, 1).close();
    nanos.addAndGet(10 * MILLI);
    trackers.getFirst().close(); // one slot: the mapper, which alone waits, has it
    assertThat(mapping.isGranted()).isTrue();
    Turn another = share.join().ask(Work.MAPPING, 1);
    Turn tracking = busy.ask(Work.TRACKING, 1);
    assertThat(tracking.isGranted()).isTrue();
    Turn later = busy.ask(Work.TRACKING, 1);
    trackers.get(1).close();
    assertThat(later.isGranted()).isTrue();
    mapping.close();
    assertThat(another.isGranted()).as("trackers have all slots").isFalse();
    later.close();
    assertThat(another.isGranted()).isTrue();
  }

  @Test
  void amongTrackersWhoHasHadLeastGoesFirst() {
    Session much = share.join();
    Session little = share.join();
    Turn first = much.ask(Work.TRACKING, 1);
    Turn second = little.ask(Work.TRACKING, 1);
    nanos.addAndGet(10 * MILLI);
    second.close();
    Turn third = share.join().ask(Work.TRACKING, 1);
    nanos.addAndGet(90 * MILLI);
    Turn muchAgain = much.ask(Work.TRACKING, 1);
    Turn littleAgain = little.ask(Work.TRACKING, 1);
    first.close();
    assertThat(littleAgain.isGranted()).isTrue();
    assertThat(muchAgain.isGranted()).isFalse();
    third.close();
    assertThat(muchAgain.isGranted()).isTrue();
  }

  @Test
  void whoWasIdleHasSavedUpNothing() {
    BusyMapper busy = new BusyMapper(share.join(), 1, 10);
    Session idle = share.join();
    idle.ask(Work.MAPPING, THREADS).close();
    runUntil(10_000, List.of(busy));
    long before = busy.usedNanos;

    BusyMapper back = new BusyMapper(idle, 1, 10);
    runUntil(11_000, List.of(busy, back));

    // Equal shares of the second, but for what it may be behind and a slice.
    double most = (double) ComputeShare.CREDIT_NANOS / THREADS + back.sliceNanos;
    assertThat((double) back.usedNanos).isCloseTo((double) (busy.usedNanos - before), within(most));
  }

  @Test
  void aMapThatHasWaitedLongGoesAsTrackingDoes() {
    Session first = share.join();
    Session second = share.join();
    List<Turn> trackers =
        new ArrayList<>(List.of(first.ask(Work.TRACKING, 1), second.ask(Work.TRACKING, 1)));
    Turn mapping = share.join().ask(Work.MAPPING, 1);
    long asked = nanos.get();
    while (!mapping.isGranted()) {
      Turn next = first.ask(Work.TRACKING, 1); // there is always a frame more
      nanos.addAndGet(100 * MILLI);
      trackers.removeFirst().close();
      trackers.add(next);
    }
    assertThat(nanos.get() - asked)
        .isBetween(ComputeShare.PATIENCE_NANOS, ComputeShare.PATIENCE_NANOS + 100 * MILLI);
  }

  @Test
  void whoIsInterruptedWhileItWaitsTakesNothing() throws InterruptedException {
    Session session = share.join();
    Turn running = session.begin(Work.MAPPING, THREADS);
    FutureTask<Turn> waiting = new FutureTask<>(() -> share.join().begin(Work.MAPPING, THREADS));
    Thread thread = Thread.ofPlatform().start(waiting);
    thread.interrupt();
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    running.close();
    session.begin(Work.MAPPING, THREADS).close();
  }

  @Test
  void aTurnThatIsPassedOnComesBack() throws Exception {
    Session session = share.join();
    Turn mine = session.begin(Work.MAPPING, THREADS);
    Turn other = share.join().ask(Work.MAPPING, THREADS);
    nanos.addAndGet(10 * MILLI);
    FutureTask<Boolean> passing =
        new FutureTask<>(
            () -> {
              mine.pass();
              return other.isGranted();
            });
    Thread.ofPlatform().start(passing);
    // The other has had nothing: it goes first, and mine comes back when it has ended.
    while (!other.isGranted()) {
      Thread.onSpinWait();
    }
    assertThat(passing.isDone()).isFalse();
    nanos.addAndGet(20 * MILLI);
    other.close();
    assertThat(passing.get()).isTrue();
  }
}
