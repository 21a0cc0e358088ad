package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The server's side of a call whose client reads when the test says so. */
final class RecordedCall<T> extends ServerCallStreamObserver<T> {
  private final List<T> sent = new ArrayList<>();
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();
  private int window;
  private Runnable onReady = () -> {};
  private Runnable onCancel = () -> {};
  private volatile boolean cancelled;

  /** Lets so many more messages be sent before the call is no longer ready. */
  void read(int messages) {
    synchronized (this) {
      window += messages;
    }
    onReady.run();
  }

  void cancel() {
    cancelled = true;
    onCancel.run();
  }

  synchronized List<T> sent() {
    return List.copyOf(sent);
  }

  /** Waits for the end; null where it was a good one. */
  Throwable end() {
    return end.join();
  }

  boolean hasEnded() {
    return end.isDone();
  }

  @Override
  public synchronized boolean isReady() {
    return window > 0;
  }

  @Override
  public synchronized void onNext(T message) {
    window--;
    sent.add(message);
  }

  @Override
  public void onError(Throwable t) {
    end.complete(t);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}
