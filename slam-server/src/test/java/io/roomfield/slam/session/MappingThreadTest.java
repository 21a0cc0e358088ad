package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeShare;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.Mapper;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a deadlock fails instead of hanging the build
class MappingThreadTest {
  /** One iteration a round: what is tested is the thread. */
  private static final MappingConfig ONE_ITERATION = SmallRoom.mapping(1, 1);

  private static final int FRAMES = 4;

  private final List<Long> mapped = new CopyOnWriteArrayList<>();

  /** A map of nothing whose first rounds wait at a gate. */
  private static final class GatedBackend extends AnalyticBackend {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    GatedBackend() {
      super((x, y, z) -> 1);
    }

    @Override
    public BatchLosses backward(
        SceneField field,
        FieldStage stage,
        RayBatch rays,
        RenderSettings settings,
        Objective objective,
        FieldGradient fieldGradient,
        PoseGradient poseGradient,
        RenderedRays out) {
      reached.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        Thread.currentThread().interrupt();
      }
      return new BatchLosses(0, 0, rays.count, 0, 0, 0);
    }

    @Override
    public void adam(
        AdamStep step,
        float[] parameters,
        float[][] gradients,
        float[] first,
        float[] second,
        long[] mask) {
      // Nothing to learn.
    }
  }

  /** A checkpoint that is asked for behind a round that never ends must not be waited for. */
  @Test
  void whatWasAskedForIsAnsweredWhenTheThreadIsClosed() throws InterruptedException {
    GatedBackend backend = new GatedBackend();
    MappingThread thread = thread(backend);
    submit(thread, 0);
    backend.reached.await();
    CompletableFuture<String> answer = thread.ask(() -> "never worked out");
    thread.close();
    assertThat(answer).isCompletedExceptionally();
    assertThat(thread.ask(() -> "too late")).isCompletedExceptionally();
  }

  @Test
  void roundsRunInOrderOfSubmission() throws InterruptedException {
    GatedBackend backend = new GatedBackend();
    backend.gate.countDown();
    try (MappingThread thread = thread(backend)) {
      for (int number : new int[] {3, 1, 2, 0}) {
        submit(thread, number);
      }
      thread.awaitRounds(0);
      assertThat(mapped).containsExactly(3L, 1L, 2L, 0L);
    }
  }

  @Test
  void waitsUntilNoMoreRoundsAreUnfinishedThanAllowed() throws Exception {
    GatedBackend backend = new GatedBackend();
    try (MappingThread thread = thread(backend)) {
      thread.awaitRounds(0);
      submit(thread, 0);
      submit(thread, 1);
      backend.reached.await();
      thread.awaitRounds(2);
      assertThat(mapped).as("two are unfinished").isEmpty();
      FutureTask<Integer> waiting =
          new FutureTask<>(
              () -> {
                thread.awaitRounds(1);
                return mapped.size();
              });
      Thread.ofPlatform().start(waiting);
      backend.gate.countDown();
      assertThat(waiting.get()).isPositive();
      thread.awaitRounds(0);
      assertThat(mapped).containsExactly(0L, 1L);
    }
  }

  @Test
  void aFailureSurfacesWithItsCause() {
    // An analytic map has no gradients: its first iteration fails.
    try (MappingThread thread = thread(new AnalyticBackend((x, y, z) -> 1))) {
      submit(thread, 0);
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> thread.awaitRounds(0))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("the mapper failed: ")
            .hasMessageContaining("an analytic field has no gradients")
            .hasCauseInstanceOf(UnsupportedOperationException.class);
      }
      assertThat(mapped).isEmpty();
    }
  }

  @Test
  void closingInterruptsTheRoundAndReleasesWhoWaits() throws InterruptedException {
    GatedBackend backend = new GatedBackend();
    MappingThread thread = thread(backend);
    submit(thread, 0);
    submit(thread, 1);
    backend.reached.await();
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              thread.awaitRounds(0);
              return true;
            });
    Thread.ofPlatform().start(waiting);
    thread.close();
    backend.interrupted.await();
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(mapped).as("the queued round is given up").doesNotContain(1L);
  }

  private MappingThread thread(ComputeBackend backend) {
    Mapper mapper = SmallRoom.mapper(ONE_ITERATION, backend);
    PoseHistory history = new PoseHistory(mapper.keyframes());
    for (int number = 0; number < FRAMES; number++) {
      history.add(PoseHistoryTest.result(number));
    }
    return new MappingThread(mapper, history, this::record, new ComputeShare(1).join(), 1);
  }

  private void record(MappingResult result) {
    mapped.add(result.sequenceNumber());
  }

  private static void submit(MappingThread thread, int number) {
    thread.submit(SmallRoom.frame(number));
  }
}
