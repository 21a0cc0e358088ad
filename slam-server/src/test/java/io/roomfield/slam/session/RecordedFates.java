package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** Hears of frames and keeps it as text: "tracked 3 keyframes=1", "dropped 4: reason". */
final class RecordedFates implements FrameListener {
  private final BlockingQueue<String> fates = new LinkedBlockingQueue<>();
  private final Semaphore readiness = new Semaphore(0);

  private volatile BadInputException refusal;
  private volatile BadInputException suspension;
  private volatile long lastAccepted;

  @Override
  public void accepted(long sequenceNumber) {
    lastAccepted = sequenceNumber;
  }

  @Override
  public void refused(long sequenceNumber, BadInputException why) {
    refusal = why;
  }

  @Override
  public void suspended(BadInputException why) {
    suspension = why;
    fates.add("suspended");
  }

  /** The last refusal since this was last asked; null where there was none. */
  BadInputException takeRefusal() {
    BadInputException last = refusal;
    refusal = null;
    return last;
  }

  BadInputException suspension() {
    return suspension;
  }

  long lastAccepted() {
    return lastAccepted;
  }

  @Override
  public void ready() {
    readiness.release();
  }

  @Override
  public void tracked(TrackingResult result, int keyframes) {
    fates.add("tracked %d keyframes=%d".formatted(result.sequenceNumber(), keyframes));
  }

  @Override
  public void dropped(long sequenceNumber, String reason) {
    fates.add("dropped %d: %s".formatted(sequenceNumber, reason));
  }

  /** Waits for the next. */
  String next() throws InterruptedException {
    return fates.take();
  }

  void awaitReady() throws InterruptedException {
    readiness.acquire();
  }
}
