package io.roomfield.slam.client.suite;

import io.roomfield.slam.client.replay.ReplayReport;

/**
 * What became of a run: a report, or the reason why there is none.
 *
 * @param report null where the run failed
 * @param failure null where it did not
 */
public record SuiteResult(SuiteRun run, ReplayReport report, String failure) {
  static SuiteResult of(SuiteRun run, ReplayReport report) {
    return new SuiteResult(run, report, null);
  }

  static SuiteResult failed(SuiteRun run, String reason) {
    return new SuiteResult(run, null, reason);
  }

  /** Whether there is no report. */
  public boolean hasFailed() {
    return report == null;
  }
}
