package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.FrameQueue;
import io.roomfield.slam.ingest.FrameValidator;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.StoredSession;

/**
 * A frame's way into a session: checked and decoded, written down, put at the end of the queue, and
 * answered. One thread at a time, but for {@link #isReady} and {@link #farthestDepthMetres}.
 */
final class FrameIntake {
  private final SlamSession session;
  private final Journal journal;
  private final AcceptedFrames accepted;
  private final FrameDecoder decoder;
  private final FrameValidator validator;
  private final FrameQueue<QueuedFrame> queue;
  private volatile float farthestDepthMetres;

  FrameIntake(
      SlamSession session,
      SessionPlan plan,
      AcceptedFrames accepted,
      FrameQueue<QueuedFrame> queue) {
    this.session = session;
    this.accepted = accepted;
    this.queue = queue;
    journal = plan.journal();
    SessionSettings settings = plan.settings();
    decoder = new FrameDecoder(settings.camera(), settings.depthScale());
    validator = new FrameValidator(settings.depthScale());
    plan.stored().ifPresent(this::restore);
  }

  private void restore(StoredSession stored) {
    accepted.restore(stored.frames());
    if (!stored.frames().isEmpty()) {
      FrameRow last = stored.frames().getLast();
      validator.accept(last.sequenceNumber(), last.timestampNanos());
    }
  }

  /** To be told of keyframes that were there before. */
  void seen(Iterable<Keyframe> keyframes) {
    for (Keyframe keyframe : keyframes) {
      farthestDepthMetres = Math.max(farthestDepthMetres, keyframe.pixels().maxDepthMetres());
    }
  }

  /** Largest depth reading of all accepted frames in metres; 0 before the first. */
  float farthestDepthMetres() {
    return farthestDepthMetres;
  }

  /** Whether a frame would be answered at once: taken into the queue, or refused for good. */
  boolean isReady() {
    boolean room = queue.remainingCapacity() > 0 && journal.pending() < queue.capacity();
    return room || session.state() != SlamSession.State.OPEN || session.isClosed();
  }

  /** Whether a frame was accepted before. */
  boolean isKnown(long sequenceNumber, long timestampNanos) {
    return accepted.isKnown(sequenceNumber, timestampNanos);
  }

  /**
   * Takes in a frame that is not known.
   *
   * @throws BadInputException if it is not as a frame of the session must be
   */
  void take(
      long sequenceNumber,
      long timestampNanos,
      RgbdFrame.EncodedImages images,
      FrameListener listener) {
    enqueue(prepare(sequenceNumber, timestampNanos, images), listener);
  }

  void refuse(long sequenceNumber, BadInputException why, FrameListener listener) {
    session.statistics().frameRejected();
    session.traces().ended(sequenceNumber, "refused");
    accepted.refuse(sequenceNumber, why, listener);
  }

  /** Leaves a frame out that was not accepted. */
  void skip(long sequenceNumber, LoadShedding what, String why, FrameListener listener) {
    session.statistics().shed(what, 1);
    accepted.skip(sequenceNumber, why, listener);
  }

  private RgbdFrame prepare(
      long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    session.requireOpen();
    validator.checkOrder(sequenceNumber, timestampNanos);
    SlamMetrics metrics = session.statistics().metrics();
    return session
        .traces()
        .stage(
            "decode",
            sequenceNumber,
            () -> {
              RgbdFrame frame =
                  metrics.decoding().record(() -> decode(sequenceNumber, timestampNanos, images));
              return metrics.preprocessing().record(() -> DepthPreprocessor.process(frame));
            });
  }

  private RgbdFrame decode(
      long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    RgbdFrame frame = decoder.decode(sequenceNumber, timestampNanos, images);
    validator.checkDepth(frame);
    return frame;
  }

  private void enqueue(RgbdFrame frame, FrameListener listener) {
    session.requireOpen();
    if (queue.remainingCapacity() == 0) {
      throw BadInputException.of(
          Kind.LIMIT, "frame", "no more frames than the queue has room for", "a frame too many");
    }
    float farthest = farthestDepthMetres;
    for (float depth : frame.depthMetres()) {
      farthest = Math.max(farthest, depth);
    }
    // Counted before it is told; tracked while it is being written down, and nobody hears of its
    // pose before it is.
    validator.accept(frame.sequenceNumber(), frame.timestampNanos());
    session.statistics().frameAccepted();
    farthestDepthMetres = farthest;
    accepted.accept(frame, listener, session::fail);
    if (!queue.offer(new QueuedFrame(frame, System.nanoTime()))) {
      session.refusedByQueue(frame);
    }
    if (journal.pending() >= queue.capacity()) {
      accepted.afterwards(session.listeners()::tellWriterReady);
    }
  }
}
