package io.roomfield.slam.client.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.client.replay.ReplayReport.Mesh;
import io.roomfield.slam.client.replay.SendRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteTableTest {
  @Test
  void aRowForEachClipAndPresetWithMeanAndSpread() {
    SuiteRun hall = new SuiteRun("hall", "default", 1, 30, SendRate.FASTEST);
    SuiteReport report =
        SuiteReport.empty(SuiteFixtures.MACHINE)
            .with(SuiteResult.of(hall, SuiteFixtures.report(hall, null)))
            .with(desk(1, 1.0))
            .with(desk(2, 1.5))
            .with(
                SuiteResult.failed(
                    new SuiteRun("desk", "default", 3, 10, SendRate.FASTEST), "gone\nits log"));
    List<String> lines = SuiteTable.markdown(report).lines().toList();
    assertThat(lines.getFirst())
        .isEqualTo(
            "Machine: 2 cores (Linux amd64), backend vector (16 floats, 2 threads), Java 25.0.1, commit abc123.");
    assertThat(lines.get(2))
        .startsWith("| clip   | preset    | frames | runs   | ATE RMSE, cm      | RPE, cm | ")
        .contains("| depth L1, cm | depth L1 supported, cm | uncertain | lost | frames/s |");
    assertThat(lines.get(3)).startsWith("|--------|-----------|");
    assertThat(lines.get(4))
        .startsWith("| `desk` | `default` | 10     | 2 of 3 | 1.25 (1.00..1.50) | 0.50    | ")
        .contains("| 1         | 0    | 2.00     | 5.0     | 300 ");
    assertThat(lines.get(5))
        .startsWith("| `hall` | `default` | 30     | 1      | -                 | 0.50    | ");
    assertThat(lines.getLast()).isEqualTo("- failed: desk, default, seed 3, 10 frames: gone");
  }

  @Test
  void aFigureThatNotEveryRunHasTellsHowManyDo() {
    SuiteRun second = new SuiteRun("desk", "default", 2, 10, SendRate.FASTEST);
    SuiteReport report =
        SuiteReport.empty(SuiteFixtures.MACHINE)
            .with(desk(1, 1.0))
            .with(
                SuiteResult.of(
                    second,
                    SuiteFixtures.report(second, 1.0, new Mesh(4, 2, 1.0, 2.0, 90.0, 50.0))));
    assertThat(SuiteTable.markdown(report))
        .contains("| accuracy, cm | completion, cm | within 5 cm, % | F1, % ")
        .contains("| 1.00, 1 runs | 2.00, 1 runs   | 90.0, 1 runs   | 50.0, 1 runs |");
  }

  @Test
  void ratesHaveRowsOfTheirOwn() {
    SuiteRun live = new SuiteRun("desk", "default", 1, 10, SendRate.REALTIME);
    SuiteReport report =
        SuiteReport.empty(SuiteFixtures.MACHINE)
            .with(desk(1, 1.0))
            .with(SuiteResult.of(live, SuiteFixtures.report(live, 2.0)));
    assertThat(SuiteTable.markdown(report))
        .contains("| `default`              | 10     | 1    | 1.00 ")
        .contains("| `default` in real time | 10     | 1    | 2.00 ");
  }

  private static SuiteResult desk(long seed, double ateRmseCm) {
    SuiteRun run = new SuiteRun("desk", "default", seed, 10, SendRate.FASTEST);
    return SuiteResult.of(run, SuiteFixtures.report(run, ateRmseCm));
  }
}
