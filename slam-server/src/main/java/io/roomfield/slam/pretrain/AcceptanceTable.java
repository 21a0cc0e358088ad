package io.roomfield.slam.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The few rows by which a family of decoders is judged. */
final class AcceptanceTable {
  /** How the rows come about. */
  private static final String NOTE =
      "Depth errors in cm, mean / median, over all pixels with a reading. Mapped and held-out"
          + " frames count half each (of medians too), clips and seeds alike. Fused depth is judged"
          + " where its rays meet a surface. Unseen: rays from where the camera has been that end on"
          + " surface that no view saw, in rooms of the test split; all rays count alike.";

  private static final int START = 0;

  private record Row(String quantity, String value) {}

  private final List<Row> rows = new ArrayList<>();

  /**
   * Appends the rows of recordings or of rooms.
   *
   * @param mean over the clips
   * @param clips how many they are
   */
  void add(Clip.Kind kind, ClipFigures mean, int clips) {
    String of = "%s (%d): ".formatted(kind == Clip.Kind.SENSOR ? "clips" : "rooms", clips);
    addDepth(of, mean, START);
    addDepth(of, mean, GeometryValidation.ITERATIONS);
    ClipFigures.AtCount refined = mean.iterations().get(GeometryValidation.ITERATIONS);
    if (refined != null) {
      SurfaceFigures surface = both(refined.keyframes().all(), refined.between().all());
      String after = " after %d iterations".formatted(GeometryValidation.ITERATIONS);
      add(of + "occupied 5 cm in front" + after, "%.3f".formatted(surface.occupiedFront5cm()));
      add(of + "occupied 5 cm behind" + after, "%.3f".formatted(surface.occupiedBehind5cm()));
      add(of + "spread" + after + ", cm", "%.2f".formatted(surface.spreadCm()));
    }
    addFused(of, mean.fused());
  }

  private void addDepth(String of, ClipFigures mean, int iterations) {
    ClipFigures.AtCount at = mean.iterations().get(iterations);
    if (at == null) {
      return;
    }
    String quantity = of + "depth L1 after %d iterations".formatted(iterations);
    addDepth(quantity, both(at.keyframes().all(), at.between().all()));
    if (at.keyframes().exact() != null) {
      addDepth(
          quantity + ", against exact depth", both(at.keyframes().exact(), at.between().exact()));
    }
  }

  private void addDepth(String quantity, SurfaceFigures figures) {
    add(quantity, pair(figures.depthMeanCm(), figures.depthMedianCm()));
  }

  private void addFused(String of, FusedBaseline.OfClip fused) {
    String quantity = of + "fused depth alone, depth L1";
    addFused(quantity, fused.keyframes().all(), fused.between().all());
    if (fused.keyframes().exact() != null) {
      addFused(
          quantity + ", against exact depth", fused.keyframes().exact(), fused.between().exact());
    }
    add(
        of + "fused depth alone, share without a surface",
        "%.3f"
            .formatted(
                (fused.keyframes().all().missShare() + fused.between().all().missShare()) / 2));
  }

  private void addFused(String quantity, FusedBaseline.Hits a, FusedBaseline.Hits b) {
    add(
        quantity,
        pair(
            (a.error().meanCm() + b.error().meanCm()) / 2,
            (a.error().medianCm() + b.error().medianCm()) / 2));
  }

  /** Appends the rows of unseen space. */
  void add(UnseenDepth.Figures unseen) {
    String of = "unseen (%d rays): ".formatted(unseen.rays());
    addError(of + "coarse level", unseen.coarse());
    addError(of + "nearest seen surface", unseen.nearestSeen());
    addError(of + "far plane", unseen.farPlane());
    addError(of + "best constant", unseen.constant());
  }

  private void addError(String quantity, DepthError error) {
    add(quantity, pair(error.meanCm(), error.medianCm()));
  }

  private void add(String quantity, String value) {
    rows.add(new Row(quantity, value));
  }

  private static String pair(double mean, double median) {
    return "%.2f / %.2f".formatted(mean, median);
  }

  private static SurfaceFigures both(SurfaceFigures keyframes, SurfaceFigures between) {
    return SurfaceFigures.mean(List.of(keyframes, between));
  }

  /** For a terminal. */
  String text() {
    int width = rows.stream().mapToInt(row -> row.quantity.length()).max().orElse(0);
    return rows.stream()
        .map(row -> ("%-" + (width + 2) + "s%s%n").formatted(row.quantity, row.value))
        .collect(Collectors.joining("", "acceptance%n".formatted(), NOTE));
  }

  /**
   * As Markdown.
   *
   * @param circumstances of the measurement, told under the table
   */
  String markdown(Map<String, Object> circumstances) {
    String head =
        circumstances.entrySet().stream()
            .map(entry -> entry.getKey().replace('_', ' ') + ": " + entry.getValue())
            .collect(Collectors.joining("; "));
    return rows.stream()
        .map(row -> "| %s | %s |\n".formatted(row.quantity, row.value))
        .collect(
            Collectors.joining(
                "", "| quantity | value |\n|---|---|\n", "\n%s\n\n%s\n".formatted(NOTE, head)));
  }
}
