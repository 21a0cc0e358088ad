package io.roomfield.slam.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TrajectoryFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SlamCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void everyCommandHasHelp() {
    for (CommandLine command : SlamCommand.commandLine().getSubcommands().values()) {
      assertThat(run(command.getCommandName(), "--help")).isZero();
      assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    }
  }

  @Test
  void mistakesAreOneLineWithoutAStackTrace() {
    assertThat(run("replay", "--format", "tum", "--path", folder.resolve("nowhere").toString()))
        .isEqualTo(1);
    assertThat(err.toString().strip())
        .endsWith("no such folder (expected: a sequence in TUM layout)")
        .doesNotContain("\n");
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    assertThat(run("replay", "--format", "synthetic", "--path", "x")).isEqualTo(1);
    assertThat(err.toString()).contains("--path: x (expected: none");
    assertThat(run("replay", "--format", "tum")).isEqualTo(1);
    assertThat(err.toString()).contains("--path: missing");
    assertThat(run("replay", "--format", "synthetic", "--disturb", "blackout:30")).isEqualTo(1);
    assertThat(err.toString())
        .contains("disturb: blackout:30 (expected: KIND:LENGTHxCOUNT such as blackout:30x3,");
    assertThat(run("replay", "--format", "synthetic", "--disturb", "gap:30x9,blur:9x9"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("disturb: [gap:30x9, blur:9x9] in 600 frames (expected: at least 911 frames,");
    assertThat(run("replay", "--path", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("layout not recognised (expected one of: ScanNet with");
    assertThat(run("replay", "--format", "bonn", "--path", "x")).isEqualTo(2);
    assertThat(run("mesh", "--server", "a:1", "--session", "s", "--output", "m.obj")).isEqualTo(1);
    assertThat(err.toString()).contains("--output: m.obj (expected: a name that ends in .ply or");
    assertThat(run("replay", "--format", "synthetic", "--localise-only")).isEqualTo(1);
    assertThat(err.toString()).contains("--localise-only without --open-map (expected: both)");
    assertThat(run("replay", "--format", "synthetic", "--open-map", "s")).isEqualTo(1);
    assertThat(err.toString()).contains("--open-map without --server (expected: both)");
    assertThat(
            run(
                "replay",
                "--format",
                "synthetic",
                "--server",
                "localhost:1",
                "--open-map",
                "s",
                "--preset",
                "default"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("--preset default with --open-map (expected: none");
    assertThat(run("doctor", "--tls")).isEqualTo(1);
    assertThat(err.toString()).contains("--tls, --ca, --cert or --key without --server");
    assertThat(run("sessions", "--server", "localhost:1", "--ca", "ca.crt")).isEqualTo(1);
    assertThat(err.toString()).contains("without tls (expected: tls)");
    assertThat(run("sessions", "--server", "localhost:1", "--tls", "--ca", "no.crt")).isEqualTo(1);
    assertThat(err.toString()).contains("no.crt: no such file");
    assertThat(run("sessions", "--server", "192.0.2.1:1", "--token", "t")).isEqualTo(1);
    assertThat(err.toString()).contains("token without tls for 192.0.2.1:1");
    assertThat(run("doctor", "--server", "localhost:1", "--threads", "2")).isEqualTo(1);
    assertThat(err.toString()).contains("--threads with --server");
    assertThat(run("doctor", "--keep-session")).isEqualTo(1);
    assertThat(err.toString()).contains("--keep-session without --server");
  }

  @Test
  void comparesTrajectories() throws IOException {
    List<TimedPose> truth = new ArrayList<>();
    List<TimedPose> estimate = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      SE3 pose = SE3.fromRotationVector(0, 0, 0.1 * i, Math.cos(i), Math.sin(i), 0.1 * i);
      truth.add(new TimedPose(i * 100_000_000L, pose));
      estimate.add(
          new TimedPose(i * 100_000_000L, SE3.fromRotationVector(1, 2, 3, 4, 5, 6).times(pose)));
    }
    Path estimateFile = folder.resolve("estimate.txt");
    Path truthFile = folder.resolve("truth.txt");
    TrajectoryFile.write(estimateFile, estimate);
    TrajectoryFile.write(truthFile, truth);
    assertThat(run("eval-trajectory", estimateFile.toString(), truthFile.toString())).isZero();
    assertThat(out.toString())
        .contains("poses compared  10 of 10")
        .contains("0.000 cm RMSE, 0.000 cm mean, 0.000 cm max");
  }

  private int run(String... arguments) {
    return SlamCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
