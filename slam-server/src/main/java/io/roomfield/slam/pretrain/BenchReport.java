package io.roomfield.slam.pretrain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers the bench's figures: tables for people, JSON for tools. */
final class BenchReport {
  /** A clip's figures: their mean, and each seed's. */
  record ClipEntry(String name, Clip.Kind kind, ClipFigures mean, List<ClipFigures> seeds) {}

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final String SURFACE_HEADER =
      "  %10s %9s %8s %-9s | %15s | %15s | %15s | %22s | %6s"
          .formatted(
              "iterations",
              "start, ms",
              "ms/iter.",
              "views",
              "depth L1, cm",
              "supported",
              "exact",
              "occupied -5, +5, +10",
              "spread");

  private final Map<String, Object> circumstances;
  private final PrintWriter out;
  private final List<ClipEntry> clips = new ArrayList<>();
  private final AcceptanceTable acceptance = new AcceptanceTable();
  private UnseenDepth.Figures coarse;

  /**
   * @param circumstances what was measured, and on what: the head of the JSON file
   * @param out where the table goes
   */
  BenchReport(Map<String, Object> circumstances, PrintWriter out) {
    this.circumstances = circumstances;
    this.out = out;
  }

  /** Prints the circumstances. */
  void begin() {
    circumstances.forEach((key, value) -> out.println("%s: %s".formatted(key, value)));
    out.println();
    out.flush();
  }

  /** Takes a clip's figures, one for each seed, and prints their mean. */
  void add(Clip clip, List<ClipFigures> seeds) {
    ClipEntry entry = new ClipEntry(clip.name(), clip.kind(), mean(seeds), seeds);
    clips.add(entry);
    print("%s (%s)".formatted(clip.name(), clip.kind()), entry.mean());
  }

  /** Takes what the coarse level says of unseen space. */
  void add(UnseenDepth.Figures unseen) {
    coarse = unseen;
  }

  /**
   * Prints the means over recordings and over rooms and the acceptance table, and writes files.
   *
   * @param json for everything
   * @param markdown for the circumstances and the acceptance table; null for none
   */
  void finish(Path json, Path markdown) throws IOException {
    ObjectNode root = JSON.valueToTree(circumstances);
    root.set("clips", JSON.valueToTree(clips));
    for (Clip.Kind kind : Clip.Kind.values()) {
      List<ClipFigures> ofKind =
          clips.stream().filter(c -> c.kind() == kind).map(ClipEntry::mean).toList();
      if (!ofKind.isEmpty()) {
        ClipFigures mean = mean(ofKind);
        if (ofKind.size() > 1) {
          print("mean of %d (%s)".formatted(ofKind.size(), kind), mean);
        }
        acceptance.add(kind, mean, ofKind.size());
        root.set("mean_" + kind.name().toLowerCase(Locale.ROOT), JSON.valueToTree(mean));
      }
    }
    if (coarse != null) {
      acceptance.add(coarse);
      root.set("coarse", JSON.valueToTree(coarse));
    }
    out.println(acceptance.text());
    out.flush();
    JSON.writeValue(json.toFile(), root);
    if (markdown != null) {
      Files.writeString(markdown, acceptance.markdown(circumstances));
    }
  }

  /**
   * Every number's mean over figures of the same counts and disturbances.
   *
   * @throws IllegalArgumentException if there are none
   */
  static ClipFigures mean(List<ClipFigures> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("figures: none (expected: at least one)");
    }
    JsonNode first = JSON.valueToTree(figures.getFirst());
    List<JsonNode> all = figures.stream().<JsonNode>map(JSON::valueToTree).toList();
    try {
      return JSON.treeToValue(mean(first, all), ClipFigures.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode mean(JsonNode shape, List<JsonNode> trees) {
    if (shape.isNumber()) {
      double sum = 0;
      for (JsonNode tree : trees) {
        sum += tree.doubleValue();
      }
      return JSON.getNodeFactory().numberNode(sum / trees.size());
    }
    ObjectNode mean = JSON.createObjectNode();
    shape
        .fieldNames()
        .forEachRemaining(
            key ->
                mean.set(key, mean(shape.get(key), trees.stream().map(t -> t.get(key)).toList())));
    return mean;
  }

  private void print(String title, ClipFigures figures) {
    out.println(title);
    out.println(SURFACE_HEADER);
    figures
        .iterations()
        .forEach(
            (count, at) -> {
              printRow(
                  "%10d %9.0f %8.0f keyframes"
                      .formatted(count, at.startMillis(), at.iterationMillis()),
                  at.keyframes());
              printRow("%10s %9s %8s between  ".formatted("", "", ""), at.between());
            });
    out.println(
        "  fused depth alone: %s; between %s"
            .formatted(fused(figures.fused().keyframes()), fused(figures.fused().between())));
    figures
        .tracking()
        .forEach(
            (disturbance, end) ->
                out.println(
                    "  tracked from %s: %.2f cm, %.2f degrees, %.0f %% lost"
                        .formatted(
                            disturbance,
                            end.positionMedianCm(),
                            end.rotationMedianDegrees(),
                            100 * end.lostShare())));
    out.println();
    out.flush();
  }

  private static String fused(FusedBaseline.Figures figures) {
    FusedBaseline.Hits all = figures.all();
    return "L1 %s cm%s, misses %.1f %%"
        .formatted(
            pair(all.error()),
            figures.exact() == null ? "" : " (exact %s)".formatted(pair(figures.exact().error())),
            100 * all.missShare());
  }

  private static String pair(DepthError error) {
    return "%.2f / %.2f".formatted(error.meanCm(), error.medianCm());
  }

  private void printRow(String head, SurfaceMeasures.Figures figures) {
    SurfaceFigures all = figures.all();
    out.println(
        "  %s | %s | %s | %s | %6.3f, %6.3f, %6.3f | %6.2f"
            .formatted(
                head,
                depth(all),
                depth(figures.supported()),
                figures.exact() == null ? " ".repeat(15) : depth(figures.exact()),
                all.occupiedFront5cm(),
                all.occupiedBehind5cm(),
                all.occupiedBehind10cm(),
                all.spreadCm()));
  }

  private static String depth(SurfaceFigures figures) {
    return "%6.2f / %6.2f".formatted(figures.depthMeanCm(), figures.depthMedianCm());
  }
}
