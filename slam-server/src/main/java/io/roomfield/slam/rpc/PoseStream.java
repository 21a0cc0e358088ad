package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.session.PoseListener;
import io.roomfield.slam.session.SlamSession;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.TrackedPose;
import java.util.ArrayDeque;

/** One StreamPoses call. A client that does not keep up loses the oldest poses it has not read. */
final class PoseStream implements PoseListener {
  /** Poses that wait for a slow client: some seconds of a camera's. */
  static final int CAPACITY = 256;

  private final ServerCallStreamObserver<TrackedPose> call;
  private final ArrayDeque<TrackedPose> waiting = new ArrayDeque<>(); // guarded by this
  private boolean ended; // guarded by this
  private boolean over; // guarded by this

  PoseStream(ServerCallStreamObserver<TrackedPose> call) {
    this.call = call;
  }

  /** Sends a session's poses from now on. */
  static void open(SlamSession session, ServerCallStreamObserver<TrackedPose> call) {
    PoseStream stream = new PoseStream(call);
    call.setOnReadyHandler(stream::sendWaiting);
    Runnable stopListening = session.listen(stream);
    call.setOnCancelHandler(
        () -> {
          stopListening.run();
          stream.cancel();
        });
  }

  @Override
  public synchronized void tracked(TrackingResult result) {
    if (waiting.size() == CAPACITY) {
      waiting.removeFirst();
    }
    waiting.addLast(ProtoConverter.trackedPose(result));
    sendWaiting();
  }

  @Override
  public synchronized void ended() {
    ended = true;
    sendWaiting();
  }

  @Override
  public synchronized void suspended(BadInputException why) {
    if (!over) {
      over = true;
      call.onError(StatusMapper.toStatus(why));
    }
  }

  synchronized void cancel() {
    over = true;
  }

  synchronized void sendWaiting() {
    while (!over && !waiting.isEmpty() && call.isReady()) {
      call.onNext(waiting.removeFirst());
    }
    if (!over && ended && waiting.isEmpty()) {
      over = true;
      call.onCompleted();
    }
  }
}
