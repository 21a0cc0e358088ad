package io.roomfield.slam.session;

import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.FrameQueue;
import io.roomfield.slam.ingest.FrameValidator;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.store.Rows.FrameRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
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
  private final FrameDecoder decoder;
  private final FrameValidator validator;
  private final FrameQueue<RgbdFrame> queue;
  private final TrackingThread tracking;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<String> losses;
  private volatile float farthestDepthMetres;
  private volatile Ownership ownership;

  private final Object lock = new Object();
  private State state = State.OPEN; // guarded by lock, as are all below
  private String failure = "";
  private boolean closed;
  private boolean stopped; // on an error
  private boolean over; // no further pose will come
  private FrameWriter writer;
  private final List<PoseListener> poseListeners = new ArrayList<>();

  SlamSession(SessionPlan plan, Engine.Factory engines, int queueCapacity, SlamMetrics metrics) {
    id = plan.id();
    settings = plan.settings();
    journal = plan.journal();
    ownership = plan.ownership();
    losses = plan.stored().map(stored -> stored.losses()).orElse(List.of());
    statistics = new SessionStatistics(metrics);
    accepted = new AcceptedFrames(journal);
    decoder = new FrameDecoder(settings.camera(), settings.depthScale());
    validator = new FrameValidator(settings.depthScale());
    queue = new FrameQueue<>(queueCapacity);
    plan.stored()
        .ifPresent(
            stored -> {
              accepted.restore(stored.frames());
              if (!stored.frames().isEmpty()) {
                FrameRow last = stored.frames().getLast();
                validator.accept(last.sequenceNumber(), last.timestampNanos());
              }
              statistics.restore(stored);
            });
    if (plan.isFinished()) {
      state = State.FINISHED;
    }
    tracking = new TrackingThread(this, plan, engines, queue);
    for (Keyframe keyframe : keyframes()) {
      farthestDepthMetres = Math.max(farthestDepthMetres, keyframe.pixels().maxDepthMetres());
    }
  }

  static SlamSession open(
      SessionPlan plan, Engine.Factory engines, int queueCapacity, SlamMetrics metrics) {
    SlamSession session = new SlamSession(plan, engines, queueCapacity, metrics);
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

  /** Largest depth reading of all accepted frames in metres; 0 before the first. */
  public float farthestDepthMetres() {
    return farthestDepthMetres;
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
    synchronized (lock) {
      requireOpen();
      if (writer != null) {
        throw BadInputException.of(
            Kind.ALREADY_EXISTS, "start.session_id", "one stream at a time", "a second stream");
      }
      writer = new FrameWriter(this, listener);
      return writer;
    }
  }

  void closeWriter(FrameWriter closing) {
    synchronized (lock) {
      if (writer == closing) {
        writer = null;
      }
    }
  }

  boolean readyForFrame() {
    boolean room = queue.remainingCapacity() > 0 && journal.pending() < queue.capacity();
    return room || state() != State.OPEN || isClosed();
  }

  boolean isKnown(long sequenceNumber, long timestampNanos) {
    return accepted.isKnown(sequenceNumber, timestampNanos);
  }

  void tellAgain(long sequenceNumber, FrameListener listener) {
    tracking.tellAgain(sequenceNumber, listener);
  }

  RgbdFrame prepare(long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    requireOpen();
    validator.checkOrder(sequenceNumber, timestampNanos);
    RgbdFrame frame = decoder.decode(sequenceNumber, timestampNanos, images);
    validator.checkDepth(frame);
    return DepthPreprocessor.process(frame);
  }

  void enqueue(RgbdFrame frame, FrameListener listener) {
    requireOpen();
    if (queue.remainingCapacity() == 0) {
      throw BadInputException.of(
          Kind.LIMIT, "frame", "no more frames than the queue has room for", "a frame too many");
    }
    float farthest = farthestDepthMetres;
    for (float depth : frame.depthMetres()) {
      farthest = Math.max(farthest, depth);
    }
    // Counted before it is told; tracked while it is being written down, and nobody hears of its
    // pose
    // before it is.
    validator.accept(frame.sequenceNumber(), frame.timestampNanos());
    statistics.frameAccepted();
    farthestDepthMetres = farthest;
    accepted.accept(frame, listener, this::fail);
    if (!queue.offer(frame)) {
      refusedByQueue(frame);
    }
    tellWriterReadyWhenWritten();
  }

  /** It was closed meanwhile: to finish, or because the session leaves memory or has failed. */
  private void refusedByQueue(RgbdFrame frame) {
    String why = "the session takes no more frames";
    State now = state();
    if (now == State.FINISHING || now == State.FINISHED) {
      tracking.giveUp(frame, why);
    } else {
      tracking.leave(frame, why);
    }
  }

  private void tellWriterReadyWhenWritten() {
    if (journal.pending() >= queue.capacity()) {
      accepted.afterwards(this::tellWriterReady);
    }
  }

  void refuse(long sequenceNumber, BadInputException why, FrameListener listener) {
    statistics.frameRejected();
    accepted.refuse(sequenceNumber, why, listener);
  }

  /**
   * Hears every pose from now on; where none will come the listener hears that at once.
   *
   * @return stops it
   */
  public Runnable listen(PoseListener listener) {
    synchronized (lock) {
      if (!over) {
        poseListeners.add(listener);
        return () -> stopListening(listener);
      }
    }
    listener.ended();
    return () -> {};
  }

  private void stopListening(PoseListener listener) {
    synchronized (lock) {
      poseListeners.remove(listener);
    }
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
    tellWriterReady();
    return ended.copy();
  }

  /**
   * Writes down the map as it is after the frame at hand.
   *
   * @return done when it is durable
   */
  public CompletableFuture<Void> checkpoint() {
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
    queue.closeAndDrain().forEach(frame -> tracking.leave(frame, "the session was closed"));
    if (journal.isKept()) {
      tracking.awaitSuspended(SUSPENDING);
    } else {
      tracking.stop();
    }
    tellWriterReady();
    tellWriterSuspended("the session was closed");
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
    queue.closeAndDrain().forEach(frame -> tracking.leave(frame, "the session was deleted"));
    tracking.stop();
    tellWriterReady();
    tellWriterSuspended("the session was deleted");
    end();
    tracking.close();
    journal.close();
  }

  // What the tracking thread tells.

  AcceptedFrames acceptedFrames() {
    return accepted;
  }

  List<PoseListener> poseListeners() {
    synchronized (lock) {
      return List.copyOf(poseListeners);
    }
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
    queue.closeAndDrain().forEach(frame -> tracking.leave(frame, why));
    tellWriterReady();
    tellWriterSuspended(why);
    LOG.error("Session {} has stopped", loggedId(), e); // last: with a full heap it fails
  }

  void become(State next, String why) {
    synchronized (lock) {
      state = next;
      failure = why;
    }
  }

  void end() {
    List<PoseListener> listeners;
    synchronized (lock) {
      over = true;
      listeners = List.copyOf(poseListeners);
      poseListeners.clear();
    }
    accepted.afterwards(() -> listeners.forEach(PoseListener::ended));
    ended.complete(null);
  }

  void tellWriterReady() {
    FrameWriter current;
    synchronized (lock) {
      current = writer;
    }
    if (current != null) {
      current.listener().ready();
    }
  }

  private void tellWriterSuspended(String why) {
    FrameWriter current;
    synchronized (lock) {
      current = writer;
    }
    if (current != null && journal.isKept()) {
      BadInputException suspended =
          BadInputException.of(Kind.UNAVAILABLE, "session", "a session that is loaded", why);
      accepted.afterwards(() -> current.listener().suspended(suspended));
    }
  }

  /** Whether nothing is under way, so that it could be closed without anyone noticing. */
  boolean isIdle() {
    synchronized (lock) {
      if (writer != null || state == State.FINISHING || !poseListeners.isEmpty()) {
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

  private void requireOpen() {
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
