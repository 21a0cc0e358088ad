package io.roomfield.slam.session;

import java.util.concurrent.TimeUnit;

/**
 * Lets so many frames a second pass, a second's worth at once (a token bucket), and measures how
 * many come. Callable from several threads.
 */
final class FrameRate {
  private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double perSecond;
  private final double most;
  private double tokens;
  private long nanos;

  // How many have come since a moment one to two seconds ago.
  private long since;
  private long windowStart;
  private int before;
  private int inWindow;

  /**
   * @param perSecond > 0
   */
  FrameRate(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    most = Math.max(1, perSecond);
    tokens = most;
    nanos = nowNanos;
    since = nowNanos;
    windowStart = nowNanos;
  }

  /** Counts a frame; whether it may pass. */
  synchronized boolean pass(long nowNanos) {
    if (nowNanos - windowStart >= SECOND_NANOS) {
      since = windowStart;
      before = inWindow;
      windowStart = nowNanos;
      inWindow = 0;
    }
    inWindow++;
    tokens = Math.min(most, tokens + (nowNanos - nanos) / SECOND_NANOS * perSecond);
    nanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Frames a second that have come lately, those that did not pass included; at least one. */
  synchronized long offered(long nowNanos) {
    double seconds = Math.max(1, (nowNanos - since) / SECOND_NANOS);
    return Math.max(1, Math.round((before + inWindow) / seconds));
  }
}
