package io.roomfield.slam.session;

import io.roomfield.slam.tracking.TrackingResult;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** Hears of frames and keeps it as text: "tracked 3 keyframes=1", "dropped 4: reason". */
final class RecordedFates implements FrameListener {
  private final BlockingQueue<String> fates = new LinkedBlockingQueue<>();
  private final Semaphore readiness = new Semaphore(0);

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
