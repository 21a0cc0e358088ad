package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AcceptanceTableTest {
  @Test
  void mappedAndHeldOutFramesCountHalfEach() {
    AcceptanceTable table = new AcceptanceTable();
    table.add(Clip.Kind.SENSOR, figures(2, 4, null), 3);
    assertThat(table.text())
        .containsPattern("clips \\(3\\): depth L1 after 0 iterations +3.00 / 4.00\\R")
        .containsPattern("depth L1 after 15 iterations +3.00 / 4.00\\R")
        .containsPattern("occupied 5 cm in front after 15 iterations +5.000\\R")
        .containsPattern("occupied 5 cm behind after 15 iterations +6.000\\R")
        .containsPattern("spread after 15 iterations, cm +8.00\\R")
        .containsPattern("fused depth alone, depth L1 +3.00 / 4.00\\R")
        .containsPattern("share without a surface +3.000\\R")
        .doesNotContain("exact", "rooms (", "unseen (");
  }

  @Test
  void roomsHaveExactDepthAsWell() {
    AcceptanceTable table = new AcceptanceTable();
    table.add(Clip.Kind.ROOM, figures(2, 4, 10.0), 1);
    assertThat(table.markdown(Map.of("family", "nice")))
        .contains(
            "| rooms (1): depth L1 after 15 iterations | 3.00 / 4.00 |",
            "| rooms (1): depth L1 after 15 iterations, against exact depth | 10.00 / 11.00 |",
            "| rooms (1): fused depth alone, depth L1, against exact depth | 10.00 / 11.00 |");
  }

  private static ClipFigures figures(double keyframes, double between, Double exact) {
    ClipFigures.AtCount at =
        new ClipFigures.AtCount(0, 0, measured(keyframes, exact), measured(between, exact));
    return new ClipFigures(
        Map.of(0, at, 15, at),
        Map.of(),
        new FusedBaseline.OfClip(fused(keyframes, exact), fused(between, exact)));
  }

  private static SurfaceMeasures.Figures measured(double value, Double exact) {
    SurfaceFigures all = surface(value);
    return new SurfaceMeasures.Figures(all, all, exact == null ? null : surface(exact));
  }

  /** Six figures that follow each other. */
  private static SurfaceFigures surface(double v) {
    return new SurfaceFigures(v, v + 1, v + 2, v + 3, v + 4, v + 5);
  }

  private static FusedBaseline.Figures fused(double value, Double exact) {
    FusedBaseline.Hits hits = hits(value);
    return new FusedBaseline.Figures(hits, hits, exact == null ? null : hits(exact));
  }

  private static FusedBaseline.Hits hits(double v) {
    return new FusedBaseline.Hits(new DepthError(v, v + 1), v);
  }
}
