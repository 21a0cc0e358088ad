package io.roomfield.slam.session;

import io.roomfield.slam.ingest.RgbdFrame;
import java.util.OptionalLong;

/**
 * The one way to put frames into a session: {@link #put}. A session has one writer at a time. One
 * thread at a time.
 */
public final class FrameWriter implements AutoCloseable {
  private final SlamSession session;
  private final FrameIntake intake;
  private final FrameListener listener;

  FrameWriter(SlamSession session, FrameIntake intake, FrameListener listener) {
    this.session = session;
    this.intake = intake;
    this.listener = listener;
  }

  FrameListener listener() {
    return listener;
  }

  /** Number of the last frame that was accepted, from whichever writer; empty before the first. */
  public OptionalLong lastAccepted() {
    return session.lastAccepted();
  }

  /** Whether a frame would be answered at once: taken into the queue, or refused for good. */
  public boolean ready() {
    return intake.isReady();
  }

  /**
   * Checks and decodes a frame, and puts it at the end of the session's queue; never waits for room
   * there. The listener hears of it: that it was accepted or refused, and why. A frame that was
   * accepted before and comes again is not taken twice; the listener hears what became of it.
   */
  public void put(long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    intake.put(sequenceNumber, timestampNanos, images, listener);
  }

  /** Lets another writer open. Frames already in the queue are tracked all the same. */
  @Override
  public void close() {
    session.closeWriter(this);
  }
}
