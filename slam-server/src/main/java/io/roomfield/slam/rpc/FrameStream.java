package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.session.FrameListener;
import io.roomfield.slam.session.FrameWriter;
import io.roomfield.slam.session.SessionRegistry;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.FrameAccepted;
import io.roomfield.slam.v1.FrameDropped;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamStart;
import io.roomfield.slam.v1.StreamStarted;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One StreamFrames call. Messages are asked for one at a time, and only while the session's queue
 * has room and the client reads its answers, so that neither side piles up.
 */
final class FrameStream implements StreamObserver<StreamFramesRequest>, FrameListener {
  /**
   * Answers that may be owed: several times what a queue holds. A client that sends the same frame
   * over and over gets no more than these.
   */
  private static final int MAX_UNANSWERED = 4096;

  private final SessionRegistry sessions;
  private final ServerCallStreamObserver<StreamFramesResponse> call;

  /** Whether a message was asked for that has not come. */
  private final AtomicBoolean requested = new AtomicBoolean(true);

  private volatile FrameWriter writer; // null before the start message

  private final Object lock = new Object();
  private int unanswered; // frames that were neither refused, tracked nor dropped; guarded by lock
  private boolean halfClosed; // guarded by lock
  private boolean over; // guarded by lock

  private FrameStream(
      SessionRegistry sessions, ServerCallStreamObserver<StreamFramesResponse> call) {
    this.sessions = sessions;
    this.call = call;
  }

  /** Takes over a call that has just come in. */
  static FrameStream open(
      SessionRegistry sessions, ServerCallStreamObserver<StreamFramesResponse> call) {
    FrameStream stream = new FrameStream(sessions, call);
    call.disableAutoRequest();
    call.setOnReadyHandler(stream::requestNext);
    call.setOnCancelHandler(stream::detach);
    call.request(1);
    return stream;
  }

  @Override
  public void onNext(StreamFramesRequest request) {
    requested.set(false);
    try {
      switch (request.getMessageCase()) {
        case START -> start(request.getStart());
        case FRAME -> submit(request.getFrame());
        case MESSAGE_NOT_SET -> throw BadInputException.of("message", "start or frame", "neither");
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(e);
      return;
    }
    requestNext();
  }

  private void start(StreamStart start) {
    if (writer != null) {
      throw BadInputException.of("start", "once, as the first message", "a second start");
    }
    writer = sessions.openWriter(start.getSessionId(), this, RequestConverter.framePolicy(start));
    StreamStarted.Builder started = StreamStarted.newBuilder();
    writer.lastAccepted().ifPresent(started::setLastAcceptedSequenceNumber);
    send(StreamFramesResponse.newBuilder().setStarted(started).build());
  }

  private void submit(Frame frame) {
    if (writer == null) {
      throw BadInputException.of("message", "start as the first message", "frame");
    }
    synchronized (lock) {
      unanswered++;
    }
    writer.put(frame.getSequenceNumber(), frame.getTimestampNs(), RequestConverter.images(frame));
  }

  /** Asks for a message if there is room for what may be in it and none was asked for. */
  private void requestNext() {
    boolean room = writer == null || (writer.ready() && owesFewAnswers());
    if (room && call.isReady() && requested.compareAndSet(false, true)) {
      call.request(1);
    }
  }

  private boolean owesFewAnswers() {
    synchronized (lock) {
      return !over && unanswered < MAX_UNANSWERED;
    }
  }

  @Override
  public void ready() {
    requestNext();
  }

  @Override
  public void accepted(long sequenceNumber) {
    send(
        StreamFramesResponse.newBuilder()
            .setSequenceNumber(sequenceNumber)
            .setAccepted(FrameAccepted.getDefaultInstance())
            .build());
  }

  @Override
  public void refused(long sequenceNumber, BadInputException why) {
    answerLast(
        StreamFramesResponse.newBuilder()
            .setSequenceNumber(sequenceNumber)
            .setRejected(StatusMapper.toRejection(why))
            .build());
  }

  @Override
  public void tracked(TrackingResult result, int keyframes) {
    answerLast(
        StreamFramesResponse.newBuilder()
            .setSequenceNumber(result.sequenceNumber())
            .setTracked(ProtoConverter.frameTracked(result, keyframes))
            .build());
  }

  @Override
  public void dropped(long sequenceNumber, String reason) {
    answerLast(
        StreamFramesResponse.newBuilder()
            .setSequenceNumber(sequenceNumber)
            .setDropped(FrameDropped.newBuilder().setReason(reason))
            .build());
  }

  /** Gives the last answer there is about a frame. */
  private void answerLast(StreamFramesResponse answer) {
    synchronized (lock) {
      send(answer);
      unanswered--;
      completeIfDrained();
    }
    requestNext();
  }

  private void send(StreamFramesResponse answer) {
    synchronized (lock) {
      if (!over) {
        call.onNext(answer);
      }
    }
  }

  /** The client has half-closed: what was accepted is still answered, then the call completes. */
  @Override
  public void onCompleted() {
    synchronized (lock) {
      halfClosed = true;
      completeIfDrained();
    }
  }

  private void completeIfDrained() {
    if (halfClosed && unanswered == 0 && !over) {
      detach();
      call.onCompleted();
    }
  }

  /** The call was broken off: what was accepted is tracked all the same, and nobody hears of it. */
  @Override
  public void onError(Throwable t) {
    detach();
  }

  private void fail(Throwable e) {
    synchronized (lock) {
      if (!over) {
        detach();
        call.onError(StatusMapper.toStatus(e, "StreamFrames"));
      }
    }
  }

  @Override
  public void suspended(BadInputException why) {
    fail(why);
  }

  private void detach() {
    synchronized (lock) {
      over = true;
      if (writer != null) {
        writer.close();
      }
    }
  }
}
