package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
  @TempDir Path folder;

  @Test
  void meansAreOverSeedsThenOverClipsOfAKind() throws IOException {
    StringWriter table = new StringWriter();
    BenchReport report = new BenchReport(Map.of("family", "nice"), new PrintWriter(table));
    report.add(clip("a", Clip.Kind.SENSOR), List.of(figures(1), figures(3)));
    report.add(clip("b", Clip.Kind.SENSOR), List.of(figures(6), figures(6)));
    report.add(clip("c", Clip.Kind.ROOM), List.of(figures(9), figures(10)));
    Path json = folder.resolve("bench.json");
    report.add(new UnseenDepth.Figures(error(50), error(400), error(60), error(70), 1234));
    Path markdown = folder.resolve("bench.md");
    report.finish(json, markdown);

    JsonNode root = new ObjectMapper().readTree(json.toFile());
    assertThat(root.path("family").asText()).isEqualTo("nice");
    assertThat(depth(root.path("clips").path(0).path("mean"))).isEqualTo(2);
    assertThat(depth(root.path("clips").path(0).path("seeds").path(1))).isEqualTo(3);
    assertThat(depth(root.path("mean_sensor"))).isEqualTo(4);
    assertThat(depth(root.path("mean_room"))).isEqualTo(9.5);
    assertThat(
            root.path("mean_room")
                .path("tracking")
                .path("1 cm")
                .path("position_median_cm")
                .doubleValue())
        .isEqualTo(9.5);
    assertThat(table.toString())
        .contains("a (SENSOR)", "mean of 2 (SENSOR)")
        .doesNotContain("mean of 1");
    assertThat(root.path("mean_sensor").path("fused").path("between").path("all").has("error"))
        .isTrue();
    assertThat(root.path("coarse").path("nearest_seen").path("mean_cm").doubleValue())
        .isEqualTo(60);
    assertThat(Files.readString(markdown))
        .contains(
            "| unseen (1234 rays): coarse level | 50.00 / 50.00 |",
            "| clips (2): fused depth alone, depth L1 | 4.00 / 4.00 |",
            "family: nice");
  }

  @Test
  void thereIsNoMeanOfNothing() {
    assertThatThrownBy(() -> BenchReport.mean(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("figures: none (expected: at least one)");
  }

  private static double depth(JsonNode figures) {
    return figures
        .path("iterations")
        .path("60")
        .path("between")
        .path("supported")
        .path("depth_mean_cm")
        .doubleValue();
  }

  private static Clip clip(String name, Clip.Kind kind) {
    return new Clip(name, kind, List.of(), List.of());
  }

  /** Every figure has the same value. */
  private static ClipFigures figures(double value) {
    SurfaceFigures surface = new SurfaceFigures(value, value, value, value, value, value);
    SurfaceMeasures.Figures both = new SurfaceMeasures.Figures(surface, surface, null);
    FusedBaseline.Hits hits = new FusedBaseline.Hits(error(value), value);
    FusedBaseline.Figures fused = new FusedBaseline.Figures(hits, hits, null);
    return new ClipFigures(
        Map.of(60, new ClipFigures.AtCount(value, value, both, both)),
        Map.of("1 cm", new TrackingBasin.Figures(value, value, value)),
        new FusedBaseline.OfClip(fused, fused));
  }

  private static DepthError error(double value) {
    return new DepthError(value, value);
  }
}
