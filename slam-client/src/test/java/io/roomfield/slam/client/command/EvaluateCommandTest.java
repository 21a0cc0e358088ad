package io.roomfield.slam.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.client.SlamCommand;
import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.suite.Machine;
import io.roomfield.slam.client.suite.ReplicaClip;
import io.roomfield.slam.client.suite.SuiteReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole command with real servers, on a clip small enough for a test; what is computed is not
 * tested here.
 */
class EvaluateCommandTest {
  private static final int FRAMES = 3;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;
  private Path suite;
  private Path json;
  private Path markdown;

  @BeforeEach
  void writeClip() throws IOException {
    suite = folder.resolve("clips");
    json = folder.resolve("suite.json");
    markdown = folder.resolve("suite.md");
    ReplicaClip.write(suite.resolve("room"), FRAMES);
    ReplicaClip.write(suite.resolve("torn"), FRAMES);
    QuickServers.use(folder.resolve("quick"));
    System.setProperty(Machine.COMMIT_PROPERTY, "abc123");
  }

  @AfterEach
  void forgetTheServer() {
    QuickServers.forget();
    System.clearProperty(Machine.COMMIT_PROPERTY);
  }

  @Test
  void replaysASuiteAndLaterOnlyWhatIsMissing() throws IOException {
    refusedFrame(suite.resolve("room"));
    unreadableFrame(suite.resolve("torn"));
    assertThat(evaluate("--seeds", "1")).as(err.toString()).isEqualTo(1);

    SuiteReport first = SuiteReport.read(json);
    assertThat(first.machine().commit()).isEqualTo("abc123");
    assertThat(first.machine().backend()).startsWith("vector");
    ReplayReport room = first.runs().getFirst().report();
    assertThat(room.dataset()).isEqualTo("room");
    assertThat(room.frames()).isEqualTo(FRAMES);
    assertThat(room.framesRejected()).isEqualTo(1);
    assertThat(room.seed()).isEqualTo(1);
    assertThat(room.endToStartDriftCm()).isNotNull();
    assertThat(first.failures()).extracting(r -> r.run().clip()).containsExactly("torn");
    assertThat(Files.readString(markdown))
        .contains("| `room` | `default` | 3      | 1      |")
        .contains("- failed: torn, default, seed 1, 3 frames: ");
    assertThat(out.toString())
        .contains("run 2 of 2: torn, default, seed 1, 3 frames")
        .endsWith(Files.readString(markdown));

    assertThat(evaluate("--seeds", "1", "--resume", "--clips", "room", "--fail-on-lost"))
        .as("a frame was refused")
        .isEqualTo(3);
    assertThat(out.toString()).contains("1 of 1 runs are there already");
    assertThat(SuiteReport.read(json).runs()).isEqualTo(first.runs().subList(0, 1));
  }

  @Test
  void refusesAPresetThatTheServerDoesNotHave() {
    assertThat(evaluate("--presets", "default,none")).isEqualTo(1);
    assertThat(err.toString()).contains("--presets: none (expected: some of default, ");
    assertThat(json).doesNotExist();
  }

  /** The server refuses the second frame: its depth is no image. */
  private static void refusedFrame(Path clip) throws IOException {
    Files.write(clip.resolve("results/depth000001.png"), new byte[] {1, 2, 3});
  }

  /** The client cannot read the second frame: its colour is no file. */
  private static void unreadableFrame(Path clip) throws IOException {
    Path colour = clip.resolve("results/frame000001.png");
    Files.delete(colour);
    Files.createDirectory(colour);
  }

  private int evaluate(String... options) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--threads", "2"));
    arguments.addAll(List.of("--suite", suite.toString(), "--json", json.toString()));
    arguments.addAll(List.of("--markdown", markdown.toString()));
    arguments.addAll(List.of(options));
    return SlamCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }
}
