package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.slam.client.eval.DisturbedTracking;
import io.roomfield.slam.client.replay.ReplayEvaluation;
import io.roomfield.slam.client.replay.ReplayReport;
import java.io.PrintWriter;

/** A replay's figures for people. */
final class ReplaySummary {
  private ReplaySummary() {}

  static void print(PrintWriter out, ReplayReport report, ReplayEvaluation evaluation) {
    row(
        out,
        "frames",
        "%d in %.1f s (%.2f a second); %d skipped, %d lost, %d uncertain, %d dropped"
            .formatted(
                report.frames(),
                report.wallS(),
                report.fps(),
                report.framesSkipped(),
                report.framesLost(),
                report.framesUncertain(),
                report.framesDropped()));
    if (report.latencyMs() != null) {
      row(
          out,
          "latency",
          "%.0f ms from a frame's acceptance to its pose (p95 %.0f)"
              .formatted(report.latencyMs().median(), report.latencyMs().p95()));
    }
    row(
        out,
        "time",
        "%.0f ms tracking (p95 %.0f), %.0f ms mapping (p95 %.0f)"
            .formatted(
                report.trackMs().median(),
                report.trackMs().p95(),
                report.mapMs().median(),
                report.mapMs().p95()));
    printErrors(out, report);
    if (report.mesh() != null) {
      printMesh(out, report.mesh());
    }
    if (report.disturbed() != null) {
      printDisturbed(out, report.disturbed());
    }
    row(
        out,
        "map",
        "%.1f MB, %d keyframes; server at most %.0f MB"
            .formatted(report.mapMb(), report.keyframes(), report.serverPeakRssMb()));
    evaluation.notes().forEach(out::println);
    out.flush();
  }

  private static void printErrors(PrintWriter out, ReplayReport report) {
    if (report.ateRmseCm() != null) {
      row(out, "ATE", "%.2f cm RMSE, %.2f cm max".formatted(report.ateRmseCm(), report.ateMaxCm()));
    }
    if (report.rpeTransCm() != null) {
      row(
          out,
          "RPE",
          "%.2f cm, %.2f degrees a frame".formatted(report.rpeTransCm(), report.rpeRotDeg()));
    }
    if (report.endToStartDriftCm() != null) {
      row(out, "drift", "%.2f cm from first to last frame".formatted(report.endToStartDriftCm()));
    }
    if (report.depthL1Cm() != null) {
      row(
          out,
          "depth L1",
          "%.2f cm (%.2f cm without flying pixels)"
              .formatted(report.depthL1Cm(), report.depthL1SupportedCm()));
    }
  }

  private static void printMesh(PrintWriter out, ReplayReport.Mesh mesh) {
    row(out, "mesh", "%d vertices, %d faces".formatted(mesh.vertices(), mesh.faces()));
    if (mesh.accuracyCm() != null) {
      row(
          out,
          "",
          "accuracy %.2f cm, completion %.2f cm, %.1f %% within 5 cm, F1 %.1f %% at 1 cm"
              .formatted(
                  mesh.accuracyCm(),
                  mesh.completionCm(),
                  mesh.completionRatio5cmPct(),
                  mesh.f1Pct()));
    }
  }

  private static void printDisturbed(PrintWriter out, DisturbedTracking disturbed) {
    disturbed
        .kinds()
        .forEach(
            (kind, outcome) ->
                row(
                    out,
                    kind,
                    "%d of %d recovered from; during: %s; the %d frames after: %s"
                        .formatted(
                            outcome.recoveries(),
                            outcome.places(),
                            statuses(outcome.during()),
                            DisturbedDataset.FRAMES_AFTER,
                            statuses(outcome.after()))));
    row(out, "false", "%d frames TRACKING at a wrong pose".formatted(disturbed.falseTracking()));
  }

  private static String statuses(DisturbedTracking.Statuses s) {
    return "%d tracking, %d uncertain, %d lost, %d without a pose"
        .formatted(s.tracking(), s.uncertain(), s.lost(), s.noPose());
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-9s %s%n", name, value);
  }
}
