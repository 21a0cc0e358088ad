package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
  @TempDir Path folder;

  private final StringWriter said = new StringWriter();
  private long seconds = 100;
  private TrainingLog log;

  @BeforeEach
  void open() throws IOException {
    log =
        new TrainingLog(
            new PrintWriter(said), folder.resolve("curves.csv"), () -> seconds * 1_000_000_000);
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  @Test
  void aLineTellsTheTimePassedAndLeft() {
    log.stage("rooms");
    seconds += 60;
    log.stage("geometry");
    seconds += 10;
    log.training(10, 6010, Map.of("depth_m", 0.25));
    // 6000 steps at a second each
    assertThat(said.toString().lines())
        .containsExactly(
            " 0:00:00  rooms",
            " 0:01:00  geometry",
            " 0:01:10  geometry 10/6010, 1:40:00 left: depth_m 0.2500");
    assertThat(log.hours()).isEqualTo(70 / 3600.0);
  }

  @Test
  void linesOfTrainingKeepFiveSecondsApart() {
    log.stage("geometry");
    for (int step = 1; step <= 12; step++) {
      seconds++;
      log.training(step, 12, Map.of("depth_m", 1.0));
    }
    assertThat(said.toString().lines())
        .containsExactly(
            " 0:00:00  geometry",
            " 0:00:05  geometry 5/12, 0:00:07 left: depth_m 1.0000",
            " 0:00:10  geometry 10/12, 0:00:02 left: depth_m 1.0000");
    assertThat(log.points()).hasSize(12);
  }

  @Test
  void everyFigureBecomesARow() {
    log.stage("coarse");
    seconds += 2;
    log.validation(4, 8, new Training.Validation(1.5, Map.of("coarse_cm", 1.5)));
    assertThat(said.toString())
        .endsWith("4/8, 0:00:02 left, validation: score 1.5000, coarse_cm 1.5000\n");
    assertThat(folder.resolve("curves.csv"))
        .hasContent(
            """
            seconds,stage,kind,step,name,value
            2.0,coarse,validation,4,coarse_cm,1.5
            2.0,coarse,validation,4,score,1.5
            """);
  }
}
