package io.roomfield.slam.rpc;

import io.grpc.stub.StreamObserver;
import io.roomfield.slam.v1.StreamFramesResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What a server streamed, to be waited for; that a stream of frames has started is left out. */
final class RecordedAnswers<T> implements StreamObserver<T> {
  private final BlockingQueue<T> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();

  @Override
  public void onNext(T answer) {
    if (!(answer instanceof StreamFramesResponse frames && frames.hasStarted())) {
      answers.add(answer);
    }
    first.complete(null);
  }

  @Override
  public void onError(Throwable t) {
    end.complete(t);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  T next() throws InterruptedException {
    return answers.take();
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /** Waits for the first answer or the end; whether it was an answer. */
  boolean answeredBeforeEnd() {
    CompletableFuture.anyOf(first, end).join();
    return first.isDone();
  }

  /** Waits for the end of the stream; null where it was a good one. */
  Throwable end() {
    return end.join();
  }
}
