package io.roomfield.slam.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers the bench's figures: a table for people, JSON for tools. */
final class BenchReport {
  /** A clip's figures: their mean, and each seed's. */
  record ClipEntry(String name, Clip.Kind kind, ClipFigures mean, List<ClipFigures> seeds) {}

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final String SURFACE_HEADER =
      "  %10s %8s %-9s | %15s | %15s | %22s | %6s"
          .formatted(
              "iterations",
              "ms/iter.",
              "views",
              "depth L1, cm",
              "supported",
              "occupied -5, +5, +10",
              "spread");

  private final Map<String, Object> circumstances;
  private final PrintWriter out;
  private final List<ClipEntry> clips = new ArrayList<>();

  /**
   * @param circumstances what was measured, and on what: the head of the JSON file
   * @param out where the table goes
   */
  BenchReport(Map<String, Object> circumstances, PrintWriter out) {
    this.circumstances = circumstances;
    this.out = out;
  }

  /** Takes a clip's figures, one for each seed, and prints their mean. */
  void add(Clip clip, List<ClipFigures> seeds) {
    ClipEntry entry = new ClipEntry(clip.name(), clip.kind(), mean(seeds), seeds);
    clips.add(entry);
    print("%s (%s)".formatted(clip.name(), clip.kind()), entry.mean());
  }

  /** Prints the means over recordings and over rooms, and writes everything to a file. */
  void finish(Path json) throws IOException {
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
        root.set("mean_" + kind.name().toLowerCase(Locale.ROOT), JSON.valueToTree(mean));
      }
    }
    JSON.writeValue(json.toFile(), root);
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
                  "%10d %8.0f keyframes".formatted(count, at.iterationMillis()), at.keyframes());
              printRow("%10s %8s between  ".formatted("", ""), at.between());
            });
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

  private void printRow(String head, SurfaceMeasures.Figures figures) {
    SurfaceFigures all = figures.all();
    SurfaceFigures supported = figures.supported();
    out.println(
        "  %s | %6.2f / %6.2f | %6.2f / %6.2f | %6.3f, %6.3f, %6.3f | %6.2f"
            .formatted(
                head,
                all.depthMeanCm(),
                all.depthMedianCm(),
                supported.depthMeanCm(),
                supported.depthMedianCm(),
                all.occupiedFront5cm(),
                all.occupiedBehind5cm(),
                all.occupiedBehind10cm(),
                all.spreadCm()));
  }
}
