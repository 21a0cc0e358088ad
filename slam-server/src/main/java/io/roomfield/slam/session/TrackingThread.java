package io.roomfield.slam.session;

import com.google.common.util.concurrent.Uninterruptibles;
import io.roomfield.slam.ingest.FrameQueue;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.telemetry.LogContext;
import io.roomfield.slam.tracking.TrackingResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's thread: tracks what a checkpoint does not cover, then what comes out of the queue,
 * and writes down what came of it. An engine that fails is replaced by one that goes on from the
 * last checkpoint, where sessions are kept; a frame on which that fails as well is given up.
 */
final class TrackingThread {
  private static final Logger LOG = LoggerFactory.getLogger(TrackingThread.class);

  private final SlamSession session;
  private final Journal journal;
  private final SessionSettings settings;
  private final Engine.Factory engines;
  private final FrameQueue<QueuedFrame> queue;
  private final Thread thread;
  private volatile Engine engine;
  private volatile boolean suspending;

  /** Held while a frame is tracked: between two the engine can be captured. */
  private final ReentrantLock atWork = new ReentrantLock();

  /** Null in a session that has nothing to track again: it holds all that was stored. */
  private Recovery recovery;

  private final Object lock = new Object();
  private boolean any; // guarded by lock, as is the next
  private long settled; // the last frame that has a fate

  /** Opens the engine, on the caller's thread, and puts it where the last checkpoint left one. */
  TrackingThread(
      SlamSession session,
      SessionPlan plan,
      Engine.Factory engines,
      FrameQueue<QueuedFrame> queue) {
    this.session = session;
    settings = plan.settings();
    this.engines = engines;
    this.queue = queue;
    journal = plan.journal();
    engine = engines.open(settings, session::mapped);
    try {
      if (plan.stored().isPresent()) {
        recovery = new Recovery(plan.stored().get(), journal, settings);
        recovery.restore(engine);
        if (plan.isFinished() || recovery.left() == 0) {
          recovery = null;
        }
        engine.trajectory().newest().ifPresent(r -> settle(r.sequenceNumber()));
      }
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
    thread =
        Thread.ofPlatform().name("tracking-" + session.loggedId()).unstarted(this::trackFrames);
  }

  void start() {
    thread.start();
  }

  /** The engine that runs now; while it is replaced, the one before. */
  Engine engine() {
    return engine;
  }

  private void trackFrames() {
    LogContext.put(LogContext.SESSION, session.loggedId());
    try {
      if (session.state() != SlamSession.State.FINISHED) {
        trackAgain();
        Optional<QueuedFrame> next = queue.take();
        while (next.isPresent() && !suspending) {
          session.listeners().tellWriterReady();
          session.statistics().metrics().frameTaken(System.nanoTime() - next.get().sinceNanos());
          track(next.get().frame());
          next = queue.take();
        }
        atWork.lockInterruptibly();
        try {
          endFrames();
        } finally {
          atWork.unlock();
        }
      }
    } catch (InterruptedException e) {
      // stop() interrupts this thread, and nobody else does: it has told everyone already.
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      session.fail(e);
    } finally {
      session.end();
    }
  }

  private void endFrames() throws InterruptedException, ExecutionException {
    if (suspending) {
      if (!engine.trajectory().poses().isEmpty()) {
        journal.checkpoint(engine, false).get();
      }
    } else if (!session.isClosed() && session.state() == SlamSession.State.FINISHING) {
      finish();
      if (!engine.trajectory().poses().isEmpty()) {
        journal.checkpoint(engine, true).get();
      }
      session.become(SlamSession.State.FINISHED, "");
    }
  }

  /** Finishes, if need be with a fresh engine that has tracked all frames again. */
  private void finish() throws InterruptedException {
    try {
      engine.finish();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      if (!journal.isKept()) {
        throw e;
      }
      LOG.error("Session {}: the engine could not finish, starts anew", session.loggedId(), e);
      startAnew(all -> {});
      engine.finish();
    }
  }

  /** Tracks the frames that were accepted before and that no checkpoint covers. */
  private void trackAgain() throws InterruptedException {
    while (recovery != null && recovery.left() > 0 && !suspending) {
      Optional<RgbdFrame> frame =
          recovery.next(lost -> drop(lost, DropReason.IMAGES_LOST, "its images are lost"));
      if (frame.isPresent()) {
        track(frame.get());
      }
    }
    recovery = null;
  }

  /** Tracks a frame that was taken from the queue: it has a fate, also where it is interrupted. */
  private void track(RgbdFrame frame) throws InterruptedException {
    try {
      atWork.lockInterruptibly();
      try {
        trackAlone(frame);
      } finally {
        atWork.unlock();
      }
    } catch (InterruptedException e) {
      leave(frame, DropReason.CLOSED, "the session was closed");
      throw e;
    }
  }

  /**
   * Writes down what the engine knows after the frame at hand.
   *
   * @return done when it counts
   */
  CompletableFuture<Void> checkpoint() throws InterruptedException {
    atWork.lockInterruptibly();
    try {
      boolean atRest =
          session.isClosed()
              || session.state() == SlamSession.State.FINISHED
              || session.state() == SlamSession.State.FAILED;
      return atRest || engine.trajectory().poses().isEmpty()
          ? CompletableFuture.completedFuture(null)
          : journal.checkpoint(engine, false);
    } finally {
      atWork.unlock();
    }
  }

  private void trackAlone(RgbdFrame frame) throws InterruptedException {
    Optional<TrackingResult> result =
        session.traces().stage("track", frame.sequenceNumber(), () -> process(frame));
    if (result.isEmpty()) {
      return;
    }
    session.statistics().frameTracked(result.get(), engine.trackingDetail());
    session.traces().ended(frame.sequenceNumber(), result.get().status().name());
    settle(frame.sequenceNumber());
    session
        .acceptedFrames()
        .tracked(result.get(), engine.keyframes().size(), session.listeners().followers());
    if (journal.isCheckpointDue()) {
      var unused = journal.checkpoint(engine, false);
    }
  }

  /** Tracks a frame, if need be twice; empty where it was given up. */
  private Optional<TrackingResult> process(RgbdFrame frame) throws InterruptedException {
    try {
      return Optional.of(processOnce(engine, frame));
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      String why = SlamSession.reason(e);
      if (!journal.isKept()) {
        session.become(SlamSession.State.FAILED, why); // before anyone hears and sends more
        leave(frame, DropReason.FAILED, why);
        throw e;
      }
      LOG.error("Session {}: the engine has stopped and starts anew", session.loggedId(), e);
      startAnew(again -> again.stopBefore(frame.sequenceNumber()));
    }
    try {
      return Optional.of(processOnce(engine, frame));
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("Session {}: frame {} is given up", session.loggedId(), frame.sequenceNumber(), e);
      giveUp(frame, DropReason.FAILED, SlamSession.reason(e));
      startAnew(again -> again.stopBefore(frame.sequenceNumber()));
      return Optional.empty();
    }
  }

  private TrackingResult processOnce(Engine engine, RgbdFrame frame) throws InterruptedException {
    engine.othersWait(queue.size() > 0);
    int keyframes = engine.keyframes().size();
    TrackingResult result = engine.processFrame(frame);
    engine.shed().forEach(session.statistics()::shed);
    journal.tracked(result);
    if (engine.keyframes().size() > keyframes) {
      journal.keyframe(engine.keyframes().newest().orElseThrow());
    }
    return result;
  }

  /**
   * Takes a fresh engine to where this one was. A frame on which it fails on the way is given up: a
   * mapper's failure shows only when the frame after it is tracked.
   *
   * @param upTo leaves out frames that are still to come
   */
  private void startAnew(Consumer<Recovery> upTo) throws InterruptedException {
    session.statistics().metrics().engineRestarted();
    engine.close(); // and still tells what it knew
    Optional<RgbdFrame> failed = replay(upTo);
    while (failed.isPresent()) {
      journal.dropped(failed.get().sequenceNumber(), failed.get().timestampNanos());
      failed = replay(upTo);
    }
  }

  /** The frame on which a fresh engine failed; if on none, that is the engine from now on. */
  private Optional<RgbdFrame> replay(Consumer<Recovery> upTo) throws InterruptedException {
    Recovery again = new Recovery(journal.load(), journal, settings);
    upTo.accept(again);
    Engine fresh = engines.open(settings, session::mapped);
    try {
      again.restore(fresh);
      while (again.left() > 0) {
        Optional<RgbdFrame> before = again.next(lost -> {}); // had its fate before
        if (before.isPresent() && !replays(fresh, before.get())) {
          return before;
        }
      }
      engine = fresh;
      return Optional.empty();
    } finally {
      if (engine != fresh) {
        fresh.close();
      }
    }
  }

  private boolean replays(Engine fresh, RgbdFrame frame) throws InterruptedException {
    try {
      processOnce(fresh, frame);
      fresh.awaitMapped();
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("Session {}: frame {} is given up", session.loggedId(), frame.sequenceNumber(), e);
      return false;
    }
  }

  private void settle(long sequenceNumber) {
    synchronized (lock) {
      any = true;
      settled = sequenceNumber;
    }
  }

  /** See {@link AcceptedFrames#tellAgain}. */
  void tellAgain(long sequenceNumber, FrameListener listener) {
    synchronized (lock) {
      boolean waits = !any || Long.compareUnsigned(sequenceNumber, settled) > 0;
      Consumer<FrameListener> fate = waits ? null : fate(sequenceNumber);
      session.acceptedFrames().tellAgain(sequenceNumber, listener, fate);
    }
  }

  private Consumer<FrameListener> fate(long sequenceNumber) {
    Engine now = engine;
    Optional<TrackingResult> result =
        now.trajectory().poses().stream()
            .filter(pose -> pose.sequenceNumber() == sequenceNumber)
            .findFirst();
    int keyframes = now.keyframes().size();
    return listener ->
        result.ifPresentOrElse(
            pose -> listener.tracked(pose, keyframes),
            () -> listener.dropped(sequenceNumber, "it was given up before"));
  }

  /** A frame that is not tracked: given up, unless it is when the session is opened again. */
  void leave(RgbdFrame frame, DropReason reason, String why) {
    if (!journal.isKept()) {
      drop(frame.sequenceNumber(), reason, why);
    }
  }

  /** A frame that will not be tracked: the session was asked to finish before. */
  void giveUp(RgbdFrame frame, DropReason reason, String why) {
    journal.dropped(frame.sequenceNumber(), frame.timestampNanos());
    drop(frame.sequenceNumber(), reason, why);
  }

  private void drop(long sequenceNumber, DropReason reason, String why) {
    session.statistics().frameDropped(reason);
    session.traces().ended(sequenceNumber, "dropped");
    settle(sequenceNumber);
    session.acceptedFrames().dropped(sequenceNumber, why);
  }

  /** Takes no further frame; the map is written down after the one at hand. */
  void suspend() {
    suspending = true;
  }

  /** Waits until that is done; stops the thread where it takes longer. */
  void awaitSuspended(Duration patience) {
    boolean interrupted = false;
    try {
      if (thread.join(patience)) {
        return;
      }
      LOG.warn(
          "Session {}: was stopped within a frame; it goes on from its last checkpoint",
          session.loggedId());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    stop();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops at once. Waits. */
  void stop() {
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread);
  }

  /** Frees the engine, when the thread has stopped. */
  void close() {
    engine.close();
  }
}
