package io.roomfield.slam.client.command;

import io.roomfield.slam.client.replay.ReplayEvaluation;
import io.roomfield.slam.client.replay.ReplayReport;
import java.io.PrintWriter;
import java.util.Locale;

/** A replay's figures for people. */
final class ReplaySummary {
  private ReplaySummary() {}

  static void print(PrintWriter out, ReplayReport report, ReplayEvaluation evaluation) {
    row(
        out,
        "frames",
        "%d in %.1f s (%.2f a second); %d lost, %d uncertain, %d dropped",
        report.frames(),
        report.wallS(),
        report.fps(),
        report.framesLost(),
        report.framesUncertain(),
        report.framesDropped());
    row(
        out,
        "time",
        "%.0f ms tracking (p95 %.0f), %.0f ms mapping (p95 %.0f)",
        report.trackMs().median(),
        report.trackMs().p95(),
        report.mapMs().median(),
        report.mapMs().p95());
    if (report.ateRmseCm() != null) {
      row(out, "ATE", "%.2f cm RMSE, %.2f cm max", report.ateRmseCm(), report.ateMaxCm());
    }
    if (report.rpeTransCm() != null) {
      row(out, "RPE", "%.2f cm, %.2f degrees a frame", report.rpeTransCm(), report.rpeRotDeg());
    }
    if (report.depthL1Cm() != null) {
      row(out, "depth L1", "%.2f cm", report.depthL1Cm());
    }
    if (report.mesh() != null) {
      printMesh(out, report.mesh());
    }
    row(
        out,
        "map",
        "%.1f MB, %d keyframes; server at most %.0f MB",
        report.mapMb(),
        report.keyframes(),
        report.serverPeakRssMb());
    evaluation.notes().forEach(out::println);
    out.flush();
  }

  private static void printMesh(PrintWriter out, ReplayReport.Mesh mesh) {
    row(out, "mesh", "%d vertices, %d faces", mesh.vertices(), mesh.faces());
    if (mesh.accuracyCm() != null) {
      row(
          out,
          "",
          "accuracy %.2f cm, completion %.2f cm, %.1f %% within 5 cm, F1 %.1f %% at 1 cm",
          mesh.accuracyCm(),
          mesh.completionCm(),
          mesh.completionRatio5cmPct(),
          mesh.f1Pct());
    }
  }

  private static void row(PrintWriter out, String name, String format, Object... values) {
    out.printf("%-9s %s%n", name, String.format(Locale.ROOT, format, values));
  }
}
