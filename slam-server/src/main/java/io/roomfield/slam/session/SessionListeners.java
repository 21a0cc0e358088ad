package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears of a session: the one that writes its frames, and any that follow its poses. A listener
 * that throws is logged, and takes nothing from the others. Thread-safe.
 */
final class SessionListeners {
  private static final Logger LOG = LoggerFactory.getLogger(SessionListeners.class);

  private final AcceptedFrames accepted;
  private FrameWriter writer; // guarded by this, as are the next
  private final List<PoseListener> followers = new ArrayList<>();
  private boolean over; // no further pose will come

  /**
   * @param accepted after what it has to tell, the last is told
   */
  SessionListeners(AcceptedFrames accepted) {
    this.accepted = accepted;
  }

  /** Tells a listener something, whatever it does. */
  static void tell(Runnable what) {
    try {
      what.run();
    } catch (Throwable e) {
      logged(e);
    }
  }

  /** With a full heap not even that can be; others are told all the same. */
  private static void logged(Throwable e) {
    try {
      LOG.error("A listener has thrown, which none may", e);
    } catch (OutOfMemoryError full) {
      e.addSuppressed(full);
    }
  }

  /**
   * Takes a writer for the session's.
   *
   * @throws BadInputException of kind ALREADY_EXISTS if there is one
   */
  synchronized FrameWriter open(FrameWriter opening) {
    if (writer != null) {
      throw BadInputException.of(
          Kind.ALREADY_EXISTS, "start.session_id", "one stream at a time", "a second stream");
    }
    writer = opening;
    return opening;
  }

  synchronized void close(FrameWriter closing) {
    if (writer == closing) {
      writer = null;
    }
  }

  private synchronized FrameWriter writer() {
    return writer;
  }

  /** Whether nobody would notice if the session said nothing more. */
  synchronized boolean isEmpty() {
    return writer == null && followers.isEmpty();
  }

  /** Tells the writer that there may be room in the queue, or that no more frames are taken. */
  void tellWriterReady() {
    FrameWriter current = writer();
    if (current != null) {
      tell(current.listener()::ready);
    }
  }

  /** Tells the writer, last of all, that no more will be heard. */
  void tellWriterSuspended(BadInputException suspended) {
    FrameWriter current = writer();
    if (current != null) {
      accepted.afterwards(() -> tell(() -> current.listener().suspended(suspended)));
    }
  }

  /**
   * Tells of every pose from now on; where none will come the listener hears that at once.
   *
   * @return stops it
   */
  Runnable follow(PoseListener listener) {
    synchronized (this) {
      if (!over) {
        followers.add(listener);
        return () -> leave(listener);
      }
    }
    listener.ended();
    return () -> {};
  }

  private synchronized void leave(PoseListener listener) {
    followers.remove(listener);
  }

  synchronized List<PoseListener> followers() {
    return List.copyOf(followers);
  }

  /**
   * Tells those that follow, last of all, that no further pose will come.
   *
   * @param suspended until the session is loaded again, in words
   */
  void end(Optional<BadInputException> suspended) {
    List<PoseListener> last;
    synchronized (this) {
      over = true;
      last = List.copyOf(followers);
      followers.clear();
    }
    Consumer<PoseListener> told =
        follower ->
            suspended.ifPresentOrElse(
                why -> tell(() -> follower.suspended(why)), () -> tell(follower::ended));
    accepted.afterwards(() -> last.forEach(told));
  }
}
