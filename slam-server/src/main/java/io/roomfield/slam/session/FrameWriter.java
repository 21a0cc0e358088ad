package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The one way to put frames into a session: {@link #put}. A session has one writer at a time. One
 * thread at a time.
 */
public final class FrameWriter implements AutoCloseable {
  private final SlamSession session;
  private final FrameIntake intake;
  private final FrameListener listener;
  private final FramePolicy policy;
  private final FrameAdmission admission;

  FrameWriter(
      SlamSession session,
      FrameIntake intake,
      FrameListener listener,
      FramePolicy policy,
      FrameAdmission admission) {
    this.session = session;
    this.intake = intake;
    this.listener = listener;
    this.policy = policy;
    this.admission = admission;
  }

  FrameListener listener() {
    return listener;
  }

  /** Number of the last frame that was accepted, from whichever writer; empty before the first. */
  public OptionalLong lastAccepted() {
    return session.lastAccepted();
  }

  /**
   * Whether a frame would be answered at once: taken into the queue, left out, or refused for good.
   */
  public boolean ready() {
    return policy == FramePolicy.SKIP || intake.isReady();
  }

  /**
   * Checks and decodes a frame, and puts it at the end of the session's queue; never waits for room
   * there. The listener hears of it: that it was accepted or refused, and why. A frame that was
   * accepted before and comes again is not taken twice; the listener hears what became of it. Where
   * frames are skipped, one that comes too fast is dropped instead, and never accepted.
   */
  public void put(long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    try {
      if (intake.isKnown(sequenceNumber, timestampNanos)) {
        session.tellAgain(sequenceNumber, listener);
      } else if (!isSkipped(sequenceNumber)) {
        admission.requireRoom();
        intake.take(sequenceNumber, timestampNanos, images, listener);
      }
    } catch (BadInputException e) {
      intake.refuse(sequenceNumber, e, listener);
    }
  }

  private boolean isSkipped(long sequenceNumber) {
    Optional<BadInputException> tooFast = admission.tooFast();
    if (policy == FramePolicy.WAIT) {
      tooFast.ifPresent(
          refusal -> {
            throw refusal;
          });
      return false;
    }
    if (tooFast.isPresent()) {
      String why = tooFast.get().getMessage();
      intake.skip(sequenceNumber, LoadShedding.FRAME_RATE, why, listener);
      return true;
    }
    if (!intake.isReady()) {
      intake.skip(sequenceNumber, LoadShedding.FRAME_NO_ROOM, "the queue is full", listener);
      return true;
    }
    return false;
  }

  /** Lets another writer open. Frames already in the queue are tracked all the same. */
  @Override
  public void close() {
    session.closeWriter(this);
  }
}
