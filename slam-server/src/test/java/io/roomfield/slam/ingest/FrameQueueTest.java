package io.roomfield.slam.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FrameQueueTest {
  @Test
  void firstInFirstOutUpToTheCapacity() throws InterruptedException {
    FrameQueue<String> queue = new FrameQueue<>(2);

    assertThat(queue.offer("a")).isTrue();
    assertThat(queue.offer("b")).isTrue();
    assertThat(queue.remainingCapacity()).isZero();
    assertThat(queue.offer("c")).isFalse();

    assertThat(queue.take()).contains("a");
    assertThat(queue.offer("c")).isTrue();
    assertThat(queue.take()).contains("b");
    assertThat(queue.take()).contains("c");
  }

  @Test
  void takeWaitsForAFrame() {
    FrameQueue<String> queue = new FrameQueue<>(1);
    CompletableFuture<Optional<String>> taken = takeOnAnotherThread(queue);

    assertThat(queue.offer("a")).isTrue();

    assertThat(taken.join()).contains("a");
  }

  @Test
  void closedQueueRunsDry() throws InterruptedException {
    FrameQueue<String> queue = new FrameQueue<>(2);
    assertThat(queue.offer("a")).isTrue();

    queue.close();

    assertThat(queue.offer("b")).isFalse();
    assertThat(queue.remainingCapacity()).isZero();
    assertThat(queue.take()).contains("a");
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void closingWakesTheTaker() {
    FrameQueue<String> queue = new FrameQueue<>(1);
    CompletableFuture<Optional<String>> taken = takeOnAnotherThread(queue);

    queue.close();

    assertThat(taken.join()).isEmpty();
  }

  @Test
  void drainGivesUpWhatWaits() throws InterruptedException {
    FrameQueue<String> queue = new FrameQueue<>(3);
    assertThat(queue.offer("a")).isTrue();
    assertThat(queue.offer("b")).isTrue();

    assertThat(queue.closeAndDrain()).containsExactly("a", "b");
    assertThat(queue.take()).isEmpty();
  }

  private static CompletableFuture<Optional<String>> takeOnAnotherThread(FrameQueue<String> queue) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return queue.take();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
