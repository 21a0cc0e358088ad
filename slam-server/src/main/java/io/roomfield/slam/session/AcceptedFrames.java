package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The frames that a session has accepted, and who is told of them: nobody hears of a frame's pose
 * before its acceptance, nor of that before it is written down. Thread-safe.
 */
final class AcceptedFrames {
  private final Journal journal;

  /**
   * So many frames are recognised when they come again: a client sends those again that were not
   * answered, and that are never more than fit into the queue.
   */
  static final int RECOGNISED = 10_000;

  /** Times by number, of the frames accepted last, in order. */
  private final Map<Long, Long> times =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > RECOGNISED;
        }
      };

  /**
   * A frame that has no fate yet.
   *
   * @param listener wants to hear of it
   * @param told done when its acceptance was told
   * @param refused whether it could not be written down, and so has no fate to be told of
   */
  private record Waiting(
      FrameListener listener, CompletableFuture<Void> told, AtomicBoolean refused) {}

  private final Map<Long, List<Waiting>> waiting = new HashMap<>();

  private OptionalLong last = OptionalLong.empty();

  /** Done when all acceptances and refusals so far are told. */
  private CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

  /** Done when all fates so far are told. */
  private CompletableFuture<Void> fates = CompletableFuture.completedFuture(null);

  AcceptedFrames(Journal journal) {
    this.journal = journal;
  }

  /** Takes in frames that were accepted when the session was open before. */
  synchronized void restore(List<FrameRow> rows) {
    for (FrameRow row : rows) {
      times.put(row.sequenceNumber(), row.timestampNanos());
      last = OptionalLong.of(row.sequenceNumber());
    }
  }

  synchronized OptionalLong last() {
    return last;
  }

  synchronized boolean isKnown(long sequenceNumber, long timestampNanos) {
    Long time = times.get(sequenceNumber);
    return time != null && time == timestampNanos;
  }

  /**
   * Writes a frame down; the listener hears when that is done.
   *
   * @param onFailure told where it cannot be
   */
  synchronized void accept(RgbdFrame frame, FrameListener listener, Consumer<Throwable> onFailure) {
    long number = frame.sequenceNumber();
    times.put(number, frame.timestampNanos());
    last = OptionalLong.of(number);
    AtomicBoolean refused = new AtomicBoolean();
    CompletableFuture<Throwable> written = journal.accept(frame).handle((done, e) -> e);
    answers =
        answers
            .thenCombine(written, (before, e) -> Optional.ofNullable(e))
            .thenAccept(
                e -> {
                  if (e.isEmpty()) {
                    SessionListeners.tell(() -> listener.accepted(number));
                  } else {
                    refused.set(true);
                    SessionListeners.tell(() -> listener.refused(number, notWritten(e.get())));
                    // Ends the stream, on which nothing is told then.
                    SessionListeners.tell(() -> onFailure.accept(e.get()));
                  }
                });
    waitFor(number, new Waiting(listener, answers, refused));
  }

  private static BadInputException notWritten(Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new BadInputException(
        Kind.LIMIT,
        "frame",
        "room on the server's disk",
        "none",
        "the frame could not be written down: " + cause.getMessage());
  }

  /** Tells that a frame was refused, after what is to be told before. */
  synchronized void refuse(long sequenceNumber, BadInputException why, FrameListener listener) {
    answers =
        answers.thenRun(() -> SessionListeners.tell(() -> listener.refused(sequenceNumber, why)));
  }

  /** Tells that a frame was left out, after what is to be told before. */
  synchronized void skip(long sequenceNumber, String why, FrameListener listener) {
    answers =
        answers.thenRun(() -> SessionListeners.tell(() -> listener.dropped(sequenceNumber, why)));
  }

  /**
   * Tells that a frame is known that came again, and what became of it, as soon as that is known.
   *
   * @param fate of the frame, or null
   */
  synchronized void tellAgain(
      long sequenceNumber, FrameListener listener, Consumer<FrameListener> fate) {
    answers = answers.thenRun(() -> SessionListeners.tell(() -> listener.accepted(sequenceNumber)));
    Waiting again = new Waiting(listener, answers, new AtomicBoolean());
    if (fate == null) {
      waitFor(sequenceNumber, again);
    } else {
      tell(again, fate);
    }
  }

  /** A frame that comes twice is told of twice. */
  private void waitFor(long sequenceNumber, Waiting who) {
    waiting.computeIfAbsent(sequenceNumber, number -> new ArrayList<>()).add(who);
  }

  private List<Waiting> settled(long sequenceNumber) {
    List<Waiting> all = waiting.remove(sequenceNumber);
    return all == null ? List.of() : all;
  }

  private void tell(Waiting who, Consumer<FrameListener> fate) {
    fates =
        fates.runAfterBoth(
            who.told,
            () -> {
              if (!who.refused.get()) {
                SessionListeners.tell(() -> fate.accept(who.listener));
              }
            });
  }

  /** Tells that a frame was tracked: whoever waits for it, then others. */
  synchronized void tracked(TrackingResult result, int keyframes, List<PoseListener> others) {
    settled(result.sequenceNumber())
        .forEach(who -> tell(who, listener -> listener.tracked(result, keyframes)));
    fates =
        fates.thenRun(
            () -> others.forEach(other -> SessionListeners.tell(() -> other.tracked(result))));
  }

  /** Tells that a frame was given up. */
  synchronized void dropped(long sequenceNumber, String why) {
    settled(sequenceNumber)
        .forEach(who -> tell(who, listener -> listener.dropped(sequenceNumber, why)));
  }

  /** Does something when all that there is to tell so far was told. */
  synchronized void afterwards(Runnable then) {
    fates = fates.runAfterBoth(answers, then);
  }
}
