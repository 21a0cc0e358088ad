package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;

/**
 * The one way to put frames into a session: {@link #prepare}, then {@link #enqueue}. A session has
 * one writer at a time. One thread at a time.
 */
public final class FrameWriter implements AutoCloseable {
  private final SlamSession session;
  private final FrameListener listener;

  FrameWriter(SlamSession session, FrameListener listener) {
    this.session = session;
    this.listener = listener;
  }

  FrameListener listener() {
    return listener;
  }

  /** Whether a frame would be answered at once: taken into the queue, or refused for good. */
  public boolean ready() {
    return session.readyForFrame();
  }

  /**
   * Checks and decodes a frame.
   *
   * @throws BadInputException if it is refused; the session goes on
   */
  public RgbdFrame prepare(
      long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    return session.prepare(sequenceNumber, timestampNanos, images);
  }

  /**
   * Puts a prepared frame at the end of the session's queue; never waits. From now on the listener
   * hears of it.
   *
   * @throws BadInputException if the queue is full, or the session takes no more frames
   */
  public void enqueue(RgbdFrame frame) {
    session.enqueue(frame, listener);
  }

  /** Lets another writer open. Frames already in the queue are tracked all the same. */
  @Override
  public void close() {
    session.closeWriter(this);
  }
}
