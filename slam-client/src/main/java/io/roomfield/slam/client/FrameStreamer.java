package io.roomfield.slam.client;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamStart;
import io.roomfield.slam.v1.StreamStarted;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Streams the frames of one session. {@link #send} waits and {@link #offer} declines while the
 * connection takes no more (HTTP/2 flow control) or too many frames are in flight: sent, and
 * neither rejected, tracked nor dropped yet. A rejected frame does not end the stream. One thread
 * sends; the listener is called on another.
 */
public final class FrameStreamer implements AutoCloseable {
  private static final String RPC = "StreamFrames";

  private final int maxInFlight;
  private final FrameListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private ClientCallStreamObserver<StreamFramesRequest> requests;
  private StreamStarted started;
  private int inFlight;
  private boolean ended;
  private Throwable failure;

  FrameStreamer(
      SlamServiceGrpc.SlamServiceStub stub,
      String sessionId,
      int maxInFlight,
      FrameListener listener) {
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: %d (expected: > 0)".formatted(maxInFlight));
    }
    this.maxInFlight = maxInFlight;
    this.listener = listener;
    var unused = stub.streamFrames(new Answers());
    requests.onNext(
        StreamFramesRequest.newBuilder()
            .setStart(StreamStart.newBuilder().setSessionId(sessionId))
            .build());
  }

  /**
   * Waits until the stream stands.
   *
   * @return number of the last frame that the session has accepted, from whichever stream; empty in
   *     a session without frames
   * @throws SlamClientException if the stream has ended
   */
  public OptionalLong lastAccepted() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended && started == null) {
        changed.await();
      }
      requireStream();
      return started.hasLastAcceptedSequenceNumber()
          ? OptionalLong.of(started.getLastAcceptedSequenceNumber())
          : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a frame as soon as there is room for it.
   *
   * @param sequenceNumber strictly increasing within the session
   * @param timestampNanos strictly increasing within the session
   * @throws SlamClientException if the stream has ended; the frame was not sent
   */
  public void send(long sequenceNumber, long timestampNanos, ColourImage colour, DepthImage depth)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended && isFull()) {
        changed.await();
      }
      requireStream();
      inFlight++;
    } finally {
      lock.unlock();
    }
    request(sequenceNumber, timestampNanos, colour, depth);
  }

  /**
   * Sends a frame if there is room for it now, as a camera does that cannot wait.
   *
   * @return whether it was sent
   * @throws SlamClientException if the stream has ended; the frame was not sent
   */
  public boolean offer(
      long sequenceNumber, long timestampNanos, ColourImage colour, DepthImage depth) {
    lock.lock();
    try {
      requireStream();
      if (isFull()) {
        return false;
      }
      inFlight++;
    } finally {
      lock.unlock();
    }
    request(sequenceNumber, timestampNanos, colour, depth);
    return true;
  }

  private boolean isFull() {
    return inFlight >= maxInFlight || !requests.isReady();
  }

  private void requireStream() {
    if (ended) {
      throw endedEarly();
    }
  }

  private void request(
      long sequenceNumber, long timestampNanos, ColourImage colour, DepthImage depth) {
    requests.onNext(
        StreamFramesRequest.newBuilder()
            .setFrame(
                Frame.newBuilder()
                    .setSequenceNumber(sequenceNumber)
                    .setTimestampNs(timestampNanos)
                    .setColour(colour)
                    .setDepth(depth))
            .build());
  }

  /**
   * Ends the stream and waits until every accepted frame has been tracked or dropped.
   *
   * @throws SlamClientException if the stream ended by an error
   */
  public void finish() throws InterruptedException {
    requests.onCompleted();
    lock.lockInterruptibly();
    try {
      while (!ended) {
        changed.await();
      }
      if (failure != null) {
        throw endedEarly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Breaks the stream off if it has not ended; what was accepted is not lost. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
    } finally {
      lock.unlock();
    }
    requests.cancel("the client closed the stream", null);
  }

  private SlamClientException endedEarly() {
    return failure == null
        ? SlamClientException.badAnswer(RPC, "the server ended the stream before the client did")
        : SlamClientException.of(RPC, failure);
  }

  private void end(Throwable cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void stands(StreamStarted answer) {
    lock.lock();
    try {
      started = answer;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settled() {
    lock.lock();
    try {
      inFlight--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private final class Answers
      implements ClientResponseObserver<StreamFramesRequest, StreamFramesResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<StreamFramesRequest> stream) {
      requests = stream;
      stream.setOnReadyHandler(FrameStreamer.this::wake);
    }

    @Override
    public void onNext(StreamFramesResponse answer) {
      long sequenceNumber = answer.getSequenceNumber();
      switch (answer.getResultCase()) {
        case ACCEPTED -> listener.accepted(sequenceNumber);
        case REJECTED -> {
          settled();
          listener.rejected(sequenceNumber, answer.getRejected());
        }
        case TRACKED -> {
          settled();
          listener.tracked(
              ProtoConverter.fromProto(answer.getTracked().getPose()), answer.getTracked());
        }
        case DROPPED -> {
          settled();
          listener.dropped(sequenceNumber, answer.getDropped().getReason());
        }
        case STARTED -> stands(answer.getStarted());
        case RESULT_NOT_SET ->
            throw Status.DATA_LOSS
                .withDescription("frame %d: an answer without a result".formatted(sequenceNumber))
                .asRuntimeException();
      }
    }

    @Override
    public void onError(Throwable cause) {
      end(cause);
    }

    @Override
    public void onCompleted() {
      end(null);
    }
  }
}
