package io.roomfield.slam.client.suite;

import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.replay.ReplayReport.Milliseconds;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A figure of a replay that a suite sums up.
 *
 * @param key as in the replay's report
 * @param name for people
 * @param unit empty for counts
 * @param pattern of {@link DecimalFormat}
 * @param value null where the replay has none
 */
record Figure(
    String key, String name, String unit, String pattern, Function<ReplayReport, Double> value) {
  private static final String HUNDREDTHS = "0.00";
  private static final String TENTHS = "0.0";
  private static final String COUNT = "0.#";

  /** In the order of the table's columns. */
  static final List<Figure> ALL =
      List.of(
          new Figure("ate_rmse_cm", "ATE RMSE", "cm", HUNDREDTHS, ReplayReport::ateRmseCm),
          new Figure("rpe_trans_cm", "RPE", "cm", HUNDREDTHS, ReplayReport::rpeTransCm),
          new Figure("rpe_rot_deg", "RPE", "degrees", HUNDREDTHS, ReplayReport::rpeRotDeg),
          new Figure(
              "end_to_start_drift_cm", "drift", "cm", HUNDREDTHS, ReplayReport::endToStartDriftCm),
          new Figure("depth_l1_cm", "depth L1", "cm", HUNDREDTHS, ReplayReport::depthL1Cm),
          new Figure(
              "depth_l1_supported_cm",
              "depth L1 supported",
              "cm",
              HUNDREDTHS,
              ReplayReport::depthL1SupportedCm),
          ofMesh("accuracy_cm", "accuracy", "cm", HUNDREDTHS, ReplayReport.Mesh::accuracyCm),
          ofMesh("completion_cm", "completion", "cm", HUNDREDTHS, ReplayReport.Mesh::completionCm),
          ofMesh(
              "completion_ratio_5cm_pct",
              "within 5 cm",
              "%",
              TENTHS,
              ReplayReport.Mesh::completionRatio5cmPct),
          ofMesh("f1_pct", "F1", "%", TENTHS, ReplayReport.Mesh::f1Pct),
          new Figure("frames_uncertain", "uncertain", "", COUNT, r -> (double) r.framesUncertain()),
          new Figure("frames_lost", "lost", "", COUNT, r -> (double) r.framesLost()),
          new Figure("fps", "frames/s", "", HUNDREDTHS, ReplayReport::fps),
          new Figure("wall_s", "time", "s", TENTHS, ReplayReport::wallS),
          new Figure("server_peak_rss_mb", "server peak", "MB", "0", ReplayReport::serverPeakRssMb),
          new Figure("frames_skipped", "skipped", "", COUNT, r -> (double) r.framesSkipped()),
          ofLatency("median", "latency", Milliseconds::median),
          ofLatency("p95", "latency p95", Milliseconds::p95));

  private static Figure ofMesh(
      String key,
      String name,
      String unit,
      String pattern,
      Function<ReplayReport.Mesh, Double> value) {
    return new Figure(
        "mesh." + key,
        name,
        unit,
        pattern,
        report -> report.mesh() == null ? null : value.apply(report.mesh()));
  }

  private static Figure ofLatency(String key, String name, Function<Milliseconds, Double> value) {
    return new Figure(
        "latency_ms." + key,
        name,
        "ms",
        "0",
        report -> report.latencyMs() == null ? null : value.apply(report.latencyMs()));
  }

  /** The name with the unit. */
  String heading() {
    return unit.isEmpty() ? name : name + ", " + unit;
  }

  /** A value in this figure's digits. */
  String text(double number) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
  }
}
