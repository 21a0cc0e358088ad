package io.roomfield.slam.session;

import com.google.common.util.concurrent.Uninterruptibles;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeShare;
import io.roomfield.slam.compute.ComputeShare.Work;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.Mapper;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.posegraph.PoseMove;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The mapper's thread: rounds in order of submission, each iteration a turn of the session's share
 * of the compute; and waiting for rounds.
 */
final class MappingThread implements AutoCloseable {
  private final Mapper mapper;
  private final PoseHistory history;
  private final Consumer<MappingResult> onMapped;
  private final ComputeShare.Session share;
  private final int lanes;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> rounds = new ArrayDeque<>();
  private final ArrayDeque<CompletableFuture<?>> asked = new ArrayDeque<>(); // in their order
  private int unfinished;
  private Throwable failure;
  private boolean closed;
  private boolean ended;

  /**
   * @param lanes that the mapper computes on
   */
  MappingThread(
      Mapper mapper,
      PoseHistory history,
      Consumer<MappingResult> onMapped,
      ComputeShare.Session share,
      int lanes) {
    this.mapper = mapper;
    this.history = history;
    this.onMapped = onMapped;
    this.share = share;
    this.lanes = lanes;
    thread = Thread.ofPlatform().daemon().name("mapper").start(this::work);
  }

  /** Queues a round for a frame that was tracked. */
  void submit(RgbdFrame frame) {
    submit(() -> mapped(mapper.map(frame, pose(frame))));
  }

  /**
   * Queues the round of a keyframe.
   *
   * @param optimised asked when it begins: whether it has iterations
   */
  void submit(Keyframe keyframe, BooleanSupplier optimised) {
    submit(
        () -> {
          SE3 pose = pose(keyframe.frame());
          mapped(
              optimised.getAsBoolean()
                  ? mapper.map(keyframe, pose)
                  : mapper.observe(keyframe, pose));
        });
  }

  /** Bundle adjustment may have moved what the frame was tracked against. */
  private SE3 pose(RgbdFrame frame) {
    return history.pose(frame.sequenceNumber()).orElseThrow();
  }

  private void mapped(MappingResult result) {
    history.refine(result.sequenceNumber(), result.worldFromCamera());
    onMapped.accept(result);
  }

  /** Queues a correction of keyframes and map. */
  void correct(List<PoseMove> moves, int iterations) {
    submit(() -> mapper.correct(moves, iterations));
  }

  /** Queues the final refinement. */
  void refine() {
    submit(mapper::refine);
  }

  /** Works out something between rounds; fails where the thread fails or is closed before. */
  <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (ended) {
        answer.completeExceptionally(whyEnded());
        return answer;
      }
      asked.add(answer);
      rounds.add(() -> answer(answer, question.get()));
      unfinished++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return answer;
  }

  private <T> void answer(CompletableFuture<T> answer, T value) {
    lock.lock();
    try {
      asked.remove();
    } finally {
      lock.unlock();
    }
    answer.complete(value);
  }

  private Throwable whyEnded() {
    return failure == null
        ? new CancellationException("the session is closed")
        : new IllegalStateException("the mapper failed: " + failure, failure);
  }

  /** Nothing is answered any more. */
  private void end() {
    List<CompletableFuture<?>> waiting;
    Throwable why;
    lock.lock();
    try {
      ended = true;
      waiting = List.copyOf(asked);
      asked.clear();
      why = whyEnded();
    } finally {
      lock.unlock();
    }
    waiting.forEach(answer -> answer.completeExceptionally(why));
  }

  /** Queues anything that belongs between rounds. */
  void submit(Runnable round) {
    lock.lock();
    try {
      if (failure != null) {
        throw new IllegalStateException("the mapper failed: " + failure, failure);
      }
      rounds.add(round);
      unfinished++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until at most {@code behind} rounds are unfinished.
   *
   * @throws IllegalStateException if a round failed
   * @throws InterruptedException also where the thread was closed
   */
  void awaitRounds(int behind) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (unfinished > behind && failure == null && !closed) {
        changed.await();
      }
      if (failure != null) {
        throw new IllegalStateException("the mapper failed: " + failure, failure);
      }
      if (closed) {
        throw new InterruptedException("the session is closed");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Rounds that wait or are under way. */
  int unfinished() {
    lock.lock();
    try {
      return unfinished;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      while (true) {
        Runnable round = next();
        try (ComputeShare.Turn turn = share.begin(Work.MAPPING, lanes)) {
          mapper.betweenIterations(() -> pass(turn));
          round.run();
        }
        finished();
      }
    } catch (InterruptedException | CancellationException e) {
      // Closed: what is queued is given up.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      end();
    }
  }

  private static void pass(ComputeShare.Turn turn) {
    try {
      turn.pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("mapping was interrupted");
    }
  }

  private Runnable next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (rounds.isEmpty()) {
        changed.await();
      }
      return rounds.remove();
    } finally {
      lock.unlock();
    }
  }

  private void finished() {
    lock.lock();
    try {
      unfinished--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what is queued, and waits for the round that is running to stop. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
