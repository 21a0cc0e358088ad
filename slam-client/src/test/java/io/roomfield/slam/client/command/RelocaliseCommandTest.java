package io.roomfield.slam.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.slam.client.SlamCommand;
import io.roomfield.slam.client.suite.ReplicaClip;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real server, on a clip small enough for a test; how well it finds is not tested here. */
class RelocaliseCommandTest {
  private static final int FRAMES = 32;
  private static final int MAP_FRAMES = 2;
  private static final int SHOWN = 30;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void writeClip() throws IOException {
    ReplicaClip.write(folder.resolve("room"), FRAMES);
    QuickServers.use(folder.resolve("quick"));
  }

  @AfterEach
  void forgetTheServer() {
    QuickServers.forget();
  }

  @Test
  void switchesCamerasOnInTheMap() throws IOException {
    Path json = folder.resolve("trials.json");
    assertThat(
            relocalise("--map-frames", "" + MAP_FRAMES, "--trials", "2", "--json", json.toString()))
        .as(err.toString())
        .isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("dataset").textValue()).isEqualTo("room");
    assertThat(figures.get("map_frames").intValue()).isEqualTo(MAP_FRAMES);
    assertThat(figures.get("trials")).hasSize(2);
    for (JsonNode trial : figures.get("trials")) {
      assertThat(trial.get("first_frame").intValue()).isBetween(0, FRAMES - SHOWN);
      boolean isMapped = trial.get("first_frame").intValue() < MAP_FRAMES;
      assertThat(trial.get("place").textValue().equals("MAPPED_FRAME")).isEqualTo(isMapped);
      assertThat(trial.get("overlap").doubleValue()).isBetween(0.0, 1.0);
      assertThat(trial.get("tracking").intValue()).isBetween(0, SHOWN);
    }
    assertThat(out.toString()).contains("from frame ").contains(" found, ");
  }

  @Test
  void refusesAMapOfMoreFramesThanThereAre() {
    assertThat(relocalise("--map-frames", "33")).isEqualTo(1);
    assertThat(err.toString()).contains("--map-frames 33 of 32 frames (expected: 1 to all of them");
  }

  private int relocalise(String... options) {
    String[] arguments = new String[options.length + 5];
    System.arraycopy(options, 0, arguments, 5, options.length);
    String[] common = {"relocalise", "--threads", "2", "--path", folder.resolve("room").toString()};
    System.arraycopy(common, 0, arguments, 0, common.length);
    return SlamCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
