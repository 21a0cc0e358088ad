package io.roomfield.slam.client.suite;

import java.time.Duration;

/** How long the runs that are left will take, by the mean time of a frame so far. */
final class RemainingTime {
  private long frames;
  private Duration taken = Duration.ZERO;

  void ran(SuiteRun run, Duration time) {
    frames += run.frames();
    taken = taken.plus(time);
  }

  /** "1 h 5 min left", in words also where nothing is known yet. */
  String text(long framesLeft) {
    if (frames == 0) {
      return "time left not known yet";
    }
    long seconds = Math.round(taken.toMillis() / 1e3 / frames * framesLeft);
    Duration left = Duration.ofSeconds(seconds);
    if (left.toHours() > 0) {
      return "about %d h %d min left".formatted(left.toHours(), left.toMinutesPart());
    }
    return left.toMinutes() > 0
        ? "about %d min left".formatted(left.toMinutes())
        : "about %d s left".formatted(seconds);
  }
}
