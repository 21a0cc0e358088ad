package io.roomfield.slam.client.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.slam.client.replay.ReplayReport.Mesh;
import io.roomfield.slam.client.replay.SendRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReportTest {
  private static final Machine MACHINE = SuiteFixtures.MACHINE;

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    SuiteReport report =
        SuiteReport.empty(MACHINE)
            .with(done("desk", 1, 1.0))
            .with(
                SuiteResult.of(
                    run("hall", 1),
                    SuiteFixtures.report(
                        run("hall", 1), null, new Mesh(4, 2, 1.0, 2.0, 90.0, 50.0))))
            .with(SuiteResult.failed(run("hall", 2), "server gone"));
    Path file = folder.resolve("new/suite.json");
    report.write(file);
    report.write(file);
    assertThat(SuiteReport.read(file)).isEqualTo(report);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).as("no temporary files").containsExactly(file);
    }
  }

  @Test
  void holdsMachineRowsAndWholeReports() throws IOException {
    Path file = folder.resolve("suite.json");
    SuiteReport.empty(MACHINE)
        .with(done("desk", 1, 1.0))
        .with(done("desk", 2, 4.0))
        .with(SuiteResult.failed(run("desk", 3), "server gone"))
        .write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/machine/commit").textValue()).isEqualTo("abc123");
    assertThat(json.at("/machine/threads").intValue()).isEqualTo(2);
    assertThat(json.at("/rows/0/runs").intValue()).isEqualTo(2);
    assertThat(json.at("/rows/0/failed_runs").intValue()).isEqualTo(1);
    JsonNode error = json.at("/rows/0/figures/ate_rmse_cm");
    assertThat(error.get("mean").doubleValue()).isEqualTo(2.5);
    assertThat(error.get("min").doubleValue()).isEqualTo(1);
    assertThat(error.get("max").doubleValue()).isEqualTo(4);
    assertThat(json.at("/rows/0/figures").has("mesh.f1_pct")).as("no true mesh").isFalse();
    assertThat(json.at("/runs/1/report/depth_l1_supported_cm").doubleValue()).isEqualTo(2.5);
    assertThat(json.at("/runs/1/run/seed").intValue()).isEqualTo(2);
    assertThat(json.at("/runs/2/failure").textValue()).isEqualTo("server gone");
    assertThat(json.at("/runs/2/report").isNull()).isTrue();
  }

  @Test
  void everyFigureIsAKeyOfTheReplaysReport() {
    Mesh mesh = new Mesh(4, 2, 1.0, 2.0, 90.0, 50.0);
    JsonNode report =
        new ObjectMapper().valueToTree(SuiteFixtures.report(run("desk", 1), 1.0, mesh));
    for (Figure figure : Figure.ALL) {
      JsonNode value = report.at("/" + figure.key().replace('.', '/'));
      assertThat(value.doubleValue())
          .as(figure.key())
          .isEqualTo(figure.value().apply(SuiteFixtures.report(run("desk", 1), 1.0, mesh)));
    }
  }

  @Test
  void keepsTheRunsOfTheSameMachineAndCommitThatSucceeded() {
    SuiteReport written =
        SuiteReport.empty(MACHINE)
            .with(done("desk", 1, 1.0))
            .with(SuiteResult.failed(run("desk", 2), "server gone"));
    assertThat(written.keptFor(MACHINE).runs())
        .extracting(SuiteResult::run)
        .containsExactly(run("desk", 1));
    assertThat(written.keptFor(ofCommit("def456")).runs()).isEmpty();
    assertThat(written.keptFor(ofCommit("def456")).machine().commit()).isEqualTo("def456");
  }

  @Test
  void aCommitThatDoesNotSayWhatWasBuiltKeepsNothing() {
    for (String commit : new String[] {null, "abc123-changed"}) {
      Machine machine = ofCommit(commit);
      SuiteReport written = SuiteReport.empty(machine).with(done("desk", 1, 1.0));
      assertThat(written.keptFor(machine).runs()).isEmpty();
    }
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path file = folder.resolve("replay.json");
    Files.writeString(file, "{\"dataset\": \"desk\"}");
    assertThatThrownBy(() -> SuiteReport.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("replay.json: ")
        .hasMessageContaining("(expected: the figures of a suite");
  }

  private static SuiteResult done(String clip, long seed, double ateRmseCm) {
    return SuiteResult.of(run(clip, seed), SuiteFixtures.report(run(clip, seed), ateRmseCm));
  }

  private static SuiteRun run(String clip, long seed) {
    return new SuiteRun(clip, "default", seed, 10, SendRate.FASTEST);
  }

  private static Machine ofCommit(String commit) {
    return new Machine(
        MACHINE.cores(),
        MACHINE.system(),
        MACHINE.java(),
        MACHINE.backend(),
        MACHINE.threads(),
        commit);
  }
}
