package io.roomfield.slam.session;

import java.util.concurrent.TimeUnit;

/**
 * How much of its time a live session spends on mapping: less as soon as frames wait to be tracked,
 * slowly more while none does (additive increase, multiplicative decrease: Chiu and Jain,
 * <em>Computer Networks and ISDN Systems</em> 17, 1989). After a round the mapper rests for as long
 * as its share asks. Callable from several threads.
 */
final class MappingBudget {
  /** A map must not stand still. */
  private static final double LEAST = 0.1;

  /** The share after a frame that found another waiting, relative to before. */
  private static final double DECREASE = 0.8;

  /** Gained with each frame that found none: from least to most takes three seconds of frames. */
  private static final double INCREASE = 0.01;

  private double share = 1;
  private long restUntilNanos = Long.MIN_VALUE;

  /** Takes note of a frame that is about to be tracked. */
  synchronized void frame(boolean othersWait) {
    share = othersWait ? Math.max(LEAST, share * DECREASE) : Math.min(1, share + INCREASE);
  }

  /** Takes note of a round that has ended: rests follow in proportion. */
  synchronized void mapped(double millis, long nowNanos) {
    double rest = millis * (1 - share) / share;
    restUntilNanos = nowNanos + Math.round(rest * TimeUnit.MILLISECONDS.toNanos(1));
  }

  /** Whether another round may begin. */
  synchronized boolean allows(long nowNanos) {
    return restUntilNanos == Long.MIN_VALUE || nowNanos - restUntilNanos >= 0;
  }

  /** Time of mapping relative to mapping and rests, {@value #LEAST} to 1. */
  synchronized double share() {
    return share;
  }
}
