package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.tracking.TrackingResult;

/**
 * Hears what became of the frames that one {@link FrameWriter} put in: each is accepted or refused,
 * in the order in which they were put in; later each accepted one is tracked or dropped, unless the
 * session is suspended before. Where the writer skips frames, one that is left out is dropped at
 * once instead. Called on the session's threads; must neither block nor throw.
 */
public interface FrameListener {
  /** A frame is in the session for good: written down where sessions are kept. */
  void accepted(long sequenceNumber);

  /** A frame was refused; the session goes on. */
  void refused(long sequenceNumber, BadInputException why);

  /**
   * A frame was tracked.
   *
   * @param keyframes in the map by then
   */
  void tracked(TrackingResult result, int keyframes);

  /** An accepted frame was given up, or a frame was left out. */
  void dropped(long sequenceNumber, String reason);

  /** The queue may have room again, or the session takes no more frames. */
  void ready();

  /** No more will be heard: what was accepted is tracked when the session is opened again. */
  void suspended(BadInputException why);
}
