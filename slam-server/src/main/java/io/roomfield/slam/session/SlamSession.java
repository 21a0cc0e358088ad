package io.roomfield.slam.session;

import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.access.Principal;
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
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera's life: frames come in through a {@link FrameWriter}, wait in a bounded queue, and are
 * tracked one by one on the session's own thread. Queries may come at any time, from any thread.
 */
public final class SlamSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlamSession.class);

  /** An id opens a session to whoever has it, so logs and threads show only its beginning. */
  private static final int LOGGED_ID_LENGTH = 6;

  /** What a session does about frames. */
  public enum State {
    /** Takes them. */
    OPEN,
    /** Tracks those it has, then refines. */
    FINISHING,
    /** Has tracked them all; queries only. */
    FINISHED,
    /** The engine stopped on an error; queries only. */
    FAILED
  }

  private record QueuedFrame(RgbdFrame frame, FrameListener listener) {}

  private final String id;
  private final SessionSettings settings;
  private final SessionStatistics statistics;
  private final Engine engine;
  private final FrameDecoder decoder;
  private final FrameValidator validator;
  private final FrameQueue<QueuedFrame> queue;
  private final ExecutorService trackingThread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile float farthestDepthMetres;
  private volatile Ownership ownership = Ownership.of(Principal.LOCAL);

  private final Object lock = new Object();
  private State state = State.OPEN; // guarded by lock, as are all below
  private String failure = "";
  private boolean closed;
  private boolean over; // no further pose will come
  private FrameWriter writer;
  private final List<PoseListener> poseListeners = new ArrayList<>();

  private SlamSession(
      String id,
      SessionSettings settings,
      Engine.Factory engines,
      int queueCapacity,
      SlamMetrics metrics) {
    this.id = id;
    this.settings = settings;
    statistics = new SessionStatistics(metrics);
    decoder = new FrameDecoder(settings.camera(), settings.depthScale());
    validator = new FrameValidator(settings.depthScale());
    queue = new FrameQueue<>(queueCapacity);
    engine = engines.open(settings, statistics::mapped);
    trackingThread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("tracking-" + loggedId()).factory());
  }

  static SlamSession open(
      String id,
      SessionSettings settings,
      Engine.Factory engines,
      int queueCapacity,
      SlamMetrics metrics) {
    SlamSession session = new SlamSession(id, settings, engines, queueCapacity, metrics);
    session.trackingThread.execute(session::trackFrames);
    session.trackingThread.shutdown(); // the thread ends with this one task
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

  void setOwnership(Ownership ownership) {
    this.ownership = ownership;
  }

  public SessionStatistics statistics() {
    return statistics;
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
    return engine.mappingShare();
  }

  public Trajectory trajectory() {
    return engine.trajectory();
  }

  public List<Keyframe> keyframes() {
    return engine.keyframes().all();
  }

  /** The map as last published; empty before the first frame was mapped. */
  public Optional<MapSnapshot> map() {
    return engine.map();
  }

  /** Largest depth reading of all accepted frames in metres; 0 before the first. */
  public float farthestDepthMetres() {
    return farthestDepthMetres;
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
    return queue.remainingCapacity() > 0 || state() != State.OPEN;
  }

  RgbdFrame prepare(long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    try {
      requireOpen();
      validator.checkOrder(sequenceNumber, timestampNanos);
      RgbdFrame frame = decoder.decode(sequenceNumber, timestampNanos, images);
      validator.checkDepth(frame);
      return DepthPreprocessor.process(frame);
    } catch (BadInputException e) {
      statistics.frameRejected();
      throw e;
    }
  }

  void enqueue(RgbdFrame frame, FrameListener listener) {
    float farthest = farthestDepthMetres;
    for (float depth : frame.depthMetres()) {
      farthest = Math.max(farthest, depth);
    }
    if (!queue.offer(new QueuedFrame(frame, listener))) {
      statistics.frameRejected();
      requireOpen();
      throw BadInputException.of(
          Kind.LIMIT, "frame", "no more frames than the queue has room for", "a frame too many");
    }
    validator.accept(frame);
    statistics.frameAccepted();
    farthestDepthMetres = farthest;
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

  /** Gives up what is not finished, stops the session's threads and frees its memory. Waits. */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    drop(queue.closeAndDrain(), "the session was closed");
    trackingThread.shutdownNow();
    trackingThread.close();
    end();
    engine.close();
  }

  private void trackFrames() {
    try {
      Optional<QueuedFrame> next = queue.take();
      while (next.isPresent()) {
        tellWriterReady();
        track(next.get());
        next = queue.take();
      }
      if (!isClosed()) {
        engine.finish();
        become(State.FINISHED, "");
      }
    } catch (InterruptedException e) {
      // close() interrupts this thread, and nobody else does: it has told everyone already.
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      fail(e);
    } finally {
      end();
    }
  }

  private void track(QueuedFrame queued) throws InterruptedException {
    TrackingResult result;
    try {
      engine.othersWait(queue.size() > 0);
      result = engine.processFrame(queued.frame());
    } catch (InterruptedException e) {
      drop(List.of(queued), "the session was closed");
      throw e;
    } catch (Throwable e) {
      become(State.FAILED, reason(e)); // before anyone hears of the drop and sends more
      drop(List.of(queued), reason(e));
      throw e;
    }
    statistics.frameTracked(result);
    queued.listener().tracked(result, engine.keyframes().size());
    List<PoseListener> listeners;
    synchronized (lock) {
      listeners = List.copyOf(poseListeners);
    }
    listeners.forEach(listener -> listener.tracked(result));
  }

  private void fail(Throwable e) {
    LOG.error("Session {}: the engine has stopped", loggedId(), e);
    become(State.FAILED, reason(e));
    drop(queue.closeAndDrain(), reason(e));
    tellWriterReady();
  }

  private void become(State next, String why) {
    synchronized (lock) {
      state = next;
      failure = why;
    }
  }

  private void end() {
    List<PoseListener> listeners;
    synchronized (lock) {
      over = true;
      listeners = List.copyOf(poseListeners);
      poseListeners.clear();
    }
    listeners.forEach(PoseListener::ended);
    ended.complete(null);
  }

  private void drop(List<QueuedFrame> frames, String why) {
    for (QueuedFrame queued : frames) {
      statistics.frameDropped();
      queued.listener().dropped(queued.frame().sequenceNumber(), why);
    }
  }

  private void tellWriterReady() {
    FrameWriter current;
    synchronized (lock) {
      current = writer;
    }
    if (current != null) {
      current.listener().ready();
    }
  }

  private boolean isClosed() {
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

  private String loggedId() {
    return id.substring(0, Math.min(id.length(), LOGGED_ID_LENGTH));
  }

  private static String reason(Throwable e) {
    Throwable root = e.getCause() == null ? e : e.getCause();
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
