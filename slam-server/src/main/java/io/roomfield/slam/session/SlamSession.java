package io.roomfield.slam.session;

import io.opentelemetry.api.trace.Tracer;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.config.SlamConfig.SyncMode;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.FrameQueue;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.query.Trajectory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera's life: frames come in through a {@link FrameWriter}, are written down, wait in a
 * bounded queue, and are tracked one by one on the session's {@link TrackingThread}. Queries may
 * come at any time, from any thread.
 */
public final class SlamSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlamSession.class);

  /** An id opens a session to whoever has it, so logs and threads show only its beginning. */
  private static final int LOGGED_ID_LENGTH = 6;

  /**
   * For so long a session that is suspended may finish the frame at hand and write down the map.
   */
  private static final Duration SUSPENDING = Duration.ofSeconds(20);

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final String LEFT_MEMORY = "the session has left the server's memory";

  /** What clients do about a stream that ends though its session has not. */
  private static final String GO_ON =
      "frames that were accepted are kept: stream again, to this server when it has room or is back";

  /** What a session does about frames. */
  public enum State {
    /** Takes them. */
    OPEN,
    /** Tracks those it has, then refines. */
    FINISHING,
    /** Has tracked them all; queries only. */
    FINISHED,
    /** The engine or the storage stopped on an error; queries only. */
    FAILED
  }

  private final String id;
  private final SessionSettings settings;
  private final SessionStatistics statistics;
  private final Journal journal;
  private final AcceptedFrames accepted;
  private final SessionListeners listeners;
  private final FrameQueue<QueuedFrame> queue;
  private final FrameIntake intake;
  private final FrameTraces traces;
  private final TrackingThread tracking;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<String> losses;
  private volatile Ownership ownership;

  private final Object lock = new Object();
  private State state = State.OPEN; // guarded by lock, as are all below
  private String failure = "";
  private boolean closed;
  private boolean stopped; // on an error

  SlamSession(
      SessionPlan plan,
      Engine.Factory engines,
      int queueCapacity,
      SlamMetrics metrics,
      Tracer tracer) {
    id = plan.id();
    settings = plan.settings();
    journal = plan.journal();
    ownership = plan.ownership();
    losses = plan.stored().map(stored -> stored.losses()).orElse(List.of());
    statistics = new SessionStatistics(metrics);
    accepted = new AcceptedFrames(journal);
    listeners = new SessionListeners(accepted);
    queue = new FrameQueue<>(queueCapacity);
    traces = new FrameTraces(tracer, loggedId());
    intake = new FrameIntake(this, plan, accepted, queue);
    plan.stored().ifPresent(statistics::restore);
    if (plan.isFinished()) {
      state = State.FINISHED;
    }
    tracking = new TrackingThread(this, plan, engines, queue);
    intake.seen(keyframes());
  }

  static SlamSession open(
      SessionPlan plan,
      Engine.Factory engines,
      int queueCapacity,
      SlamMetrics metrics,
      Tracer tracer) {
    SlamSession session = new SlamSession(plan, engines, queueCapacity, metrics, tracer);
    session.tracking.start();
    return session;
  }

  public String id() {
    return id;
  }

  public SessionSettings settings() {
    return settings;
  }

  /** To whom it belongs. */
  public Ownership ownership() {
    return ownership;
  }

  /** Gives it to others as well; done when that is written down. */
  CompletableFuture<Void> setOwnership(Ownership changed) {
    ownership = changed;
    return journal.shared(changed);
  }

  public SessionStatistics statistics() {
    return statistics;
  }

  /** What was damaged when the session was opened again, in words. */
  public List<String> losses() {
    return losses;
  }

  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  /** Why the state is FAILED; otherwise empty. */
  public String failure() {
    synchronized (lock) {
      return failure;
    }
  }

  public int queuedFrames() {
    return queue.size();
  }

  /** How long the oldest frame that waits to be tracked has waited; 0 where none waits. */
  double oldestQueuedSeconds() {
    return queue
        .first()
        .map(first -> (System.nanoTime() - first.sinceNanos()) / (double) NANOS_PER_SECOND)
        .orElse(0.0);
  }

  /** See {@link Engine#mappingShare}. */
  public double mappingShare() {
    return tracking.engine().mappingShare();
  }

  public Trajectory trajectory() {
    return tracking.engine().trajectory();
  }

  public List<Keyframe> keyframes() {
    return tracking.engine().keyframes().all();
  }

  /** The map as last published; empty before the first frame was mapped. */
  public Optional<MapSnapshot> map() {
    return tracking.engine().map();
  }

  /** Of the map's features and decoders. */
  long mapBytes() {
    return map().map(map -> map.field().bytes()).orElse(0L);
  }

  /** Largest depth reading of all accepted frames in metres; 0 before the first. */
  public float farthestDepthMetres() {
    return intake.farthestDepthMetres();
  }

  /** Number of the last frame that was accepted; empty before the first. */
  public OptionalLong lastAccepted() {
    return accepted.last();
  }

  /**
   * Opens the way in for frames.
   *
   * @throws BadInputException of kind ALREADY_EXISTS if another writer is open, WRONG_MOMENT if the
   *     session takes no more frames
   */
  public FrameWriter openWriter(FrameListener listener) {
    return openWriter(listener, FramePolicy.WAIT, FrameAdmission.ALL);
  }

  /**
   * Opens the way in for frames.
   *
   * @throws BadInputException see {@link #openWriter(FrameListener)}; INVALID if a session with
   *     sync STRICT is to skip frames
   */
  FrameWriter openWriter(FrameListener listener, FramePolicy policy, FrameAdmission admission) {
    if (policy == FramePolicy.SKIP && settings.config().sync() == SyncMode.STRICT) {
      throw BadInputException.of(
          "start.policy", "WAIT in a session with sync STRICT, which leaves nothing out", "SKIP");
    }
    synchronized (lock) {
      requireOpen();
      return listeners.open(new FrameWriter(this, intake, listener, policy, admission));
    }
  }

  void closeWriter(FrameWriter closing) {
    listeners.close(closing);
  }

  void tellAgain(long sequenceNumber, FrameListener listener) {
    tracking.tellAgain(sequenceNumber, listener);
  }

  /** It was closed meanwhile: to finish, or because the session leaves memory or has failed. */
  void refusedByQueue(RgbdFrame frame) {
    String why = "the session takes no more frames";
    State now = state();
    if (now == State.FINISHING || now == State.FINISHED) {
      tracking.giveUp(frame, DropReason.FINISHED, why);
    } else {
      tracking.leave(frame, now == State.FAILED ? DropReason.FAILED : DropReason.CLOSED, why);
    }
  }

  /**
   * Hears every pose from now on; where none will come the listener hears that at once.
   *
   * @return stops it
   */
  public Runnable listen(PoseListener listener) {
    return listeners.follow(listener);
  }

  /**
   * Takes no more frames; those accepted are tracked and mapped, then the map is refined.
   *
   * @return done when the session is FINISHED, FAILED or closed
   */
  public CompletableFuture<Void> finish() {
    synchronized (lock) {
      if (state == State.OPEN) {
        state = State.FINISHING;
        queue.close();
      }
    }
    listeners.tellWriterReady();
    return ended.copy();
  }

  /**
   * Writes down the map as it is after the frame at hand.
   *
   * @return done when it is durable
   * @throws InterruptedException if the caller was interrupted while that frame was tracked
   */
  public CompletableFuture<Void> checkpoint() throws InterruptedException {
    return tracking.checkpoint();
  }

  /**
   * Stops the session's threads and frees its memory. A session that is kept goes on from here when
   * it is opened again; otherwise what is not finished is given up. Waits.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (journal.isKept()) {
      tracking.suspend();
    }
    leaveQueued(DropReason.CLOSED, "the session was closed");
    if (journal.isKept()) {
      tracking.awaitSuspended(SUSPENDING);
    } else {
      tracking.stop();
    }
    tellSuspended(LEFT_MEMORY);
    end();
    tracking.close();
    journal.close();
  }

  /** Stops the session's threads at once; what was not written down is lost. Waits. */
  public void abandon() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    leaveQueued(DropReason.CLOSED, "the session was deleted");
    tracking.stop();
    tellSuspended("the session was deleted");
    end();
    tracking.close();
    journal.close();
  }

  private void leaveQueued(DropReason reason, String why) {
    queue.closeAndDrain().forEach(queued -> tracking.leave(queued.frame(), reason, why));
  }

  FrameTraces traces() {
    return traces;
  }

  // What the tracking thread tells.

  AcceptedFrames acceptedFrames() {
    return accepted;
  }

  SessionListeners listeners() {
    return listeners;
  }

  /** On the mapper's thread. */
  void mapped(MappingResult result) {
    statistics.mapped(result);
    traces.mapped(result);
    listeners.followers().forEach(follower -> SessionListeners.tell(follower::mapped));
  }

  void fail(Throwable e) {
    synchronized (lock) {
      if (closed || stopped) {
        return;
      }
      stopped = true;
    }
    String why = reason(e);
    become(State.FAILED, why);
    leaveQueued(DropReason.FAILED, why);
    tellSuspended(why);
    LOG.error("Session {} has stopped", loggedId(), e); // last: with a full heap it fails
  }

  void become(State next, String why) {
    synchronized (lock) {
      state = next;
      failure = why;
    }
  }

  void end() {
    boolean goesOn;
    synchronized (lock) {
      goesOn = closed && journal.isKept() && state != State.FINISHED && state != State.FAILED;
    }
    listeners.end(goesOn ? Optional.of(suspended(LEFT_MEMORY)) : Optional.empty());
    ended.complete(null);
  }

  /** Where sessions are not kept frames have had their fate, and there is nothing to add. */
  private void tellSuspended(String why) {
    listeners.tellWriterReady();
    if (journal.isKept()) {
      listeners.tellWriterSuspended(suspended(why));
    }
  }

  private static BadInputException suspended(String why) {
    String expected = "a session that is loaded";
    return new BadInputException(
        Kind.UNAVAILABLE, "session", expected, why, "%s; %s".formatted(why, GO_ON));
  }

  /** Whether nothing is under way, so that it could be closed without anyone noticing. */
  boolean isIdle() {
    synchronized (lock) {
      if (!listeners.isEmpty() || state == State.FINISHING) {
        return false;
      }
      if (state != State.OPEN) {
        return true; // what has no pose yet gets none while this is in memory
      }
    }
    return statistics.tracked() + statistics.dropped() >= statistics.accepted();
  }

  /** Whether it can go on from what was written down. */
  boolean isKept() {
    return journal.isKept();
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  void requireOpen() {
    synchronized (lock) {
      if (closed) {
        throw BadInputException.of(
            Kind.NOT_FOUND, "session_id", "the id of an open session", "a closed session");
      }
      if (state != State.OPEN) {
        String why = failure.isEmpty() ? state.toString() : state + ": " + failure;
        throw BadInputException.of(Kind.WRONG_MOMENT, "session", "a session that is OPEN", why);
      }
    }
  }

  String loggedId() {
    return id.substring(0, Math.min(id.length(), LOGGED_ID_LENGTH));
  }

  static String reason(Throwable e) {
    Throwable root = e.getCause() == null ? e : e.getCause();
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
