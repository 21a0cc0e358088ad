package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.SafetensorsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PretrainCommandTest {
  /** One walk and one room to validate, where a real training has more. */
  private static final PretrainSettings SMALL =
      new PretrainSettings(
          1,
          2,
          1,
          1,
          PretrainSettings.DEFAULT.loss(),
          new Training.Schedule(2, 2, 2e-3, 1),
          new Training.Schedule(2, 2, 2e-3, 1));

  @TempDir Path folder;

  private final StringWriter said = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aRunWritesEverythingAndRepeats() throws IOException {
    Path weights = train("first", "--seed", "7");
    assertThat(namesIn("first"))
        .containsExactlyInAnyOrder(
            "compact.safetensors", "curves.csv", "curves.png", "model-card.md");
    DecoderFamily family = DecoderFamily.read(weights);
    assertThat(family.name()).isEqualTo("compact");
    assertThat(family.mid().shape()).isEqualTo(FamilyRecipe.COMPACT.mid());
    checkCard(weights);
    checkCurves();

    assertThat(train("again", "--seed", "7")).hasSameBinaryContentAs(weights);
    assertThat(DecoderFamily.read(train("other", "--seed", "8")).mid().weights())
        .isNotEqualTo(family.mid().weights());
  }

  private void checkCard(Path weights) throws IOException {
    String command =
        "./slam pretrain --family compact --seed 7 --rooms 2 --steps 2 --coarse-steps 2 --out DIR";
    assertThat(folder.resolve("first/model-card.md"))
        .content()
        .contains(
            command,
            SafetensorsFile.sha256(Files.readAllBytes(weights)),
            "2 procedural rooms to train on (seeds 1099511627776 to 1099511627777), 1 walks each",
            "those of step 2",
            "| l1_mean_cm@0 |",
            "| coarse_cm |")
        .doesNotContain("NaN", "null", folder.toString());
    try (var in = Files.newInputStream(weights)) {
      assertThat(SafetensorsFile.read("weights", in).metadata())
          .containsEntry("command", command)
          .containsEntry("seed", "7")
          .containsKeys("data", "validation.geometry", "validation.coarse");
    }
  }

  private void checkCurves() throws IOException {
    assertThat(folder.resolve("first/curves.csv"))
        .content()
        .startsWith(CurvePoint.CSV_HEADER + "\n")
        .contains(
            ",geometry,training,2,cross_entropy,",
            ",geometry,validation,2,l1_mean_cm@15,",
            ",coarse,training,2,depth_m,",
            ",coarse,validation,2,score,");
    assertThat(ImageIO.read(folder.resolve("first/curves.png").toFile())).isNotNull();
  }

  @Test
  void wrongOptionsAreRefusedByName() {
    assertThat(errorOf("--family", "other"))
        .isEqualTo("pretrain: --family: other (expected: nice or compact)");
    assertThat(errorOf("--steps", "0")).isEqualTo("pretrain: --steps: 0 (expected: > 0)");
    assertThat(errorOf("--coarse-steps", "-1"))
        .isEqualTo("pretrain: --coarse-steps: -1 (expected: > 0)");
    assertThat(errorOf("--rooms", "0")).isEqualTo("pretrain: --rooms: 0 (expected: > 0)");
    assertThat(errorOf("--seed", "one")).contains("--seed", "'one'");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(errorOf("--out", file.toString()))
        .isEqualTo("pretrain: --out: %s is a file (expected: a folder)".formatted(file));
  }

  @Test
  void helpTellsWhatHolds() {
    assertThat(execute(List.of("--help"))).isZero();
    assertThat(said.toString()).contains("--rooms=N", "(default: 2)", "number of workers");
  }

  private Path train(String name, String... options) {
    Path out = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("--family", "compact", "--out", out.toString()));
    all.addAll(List.of(options));
    assertThat(execute(all)).as(err.toString()).isZero();
    return out.resolve("compact.safetensors");
  }

  /** What is said of options beside the required ones. */
  private String errorOf(String... options) {
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(options));
    if (!all.contains("--family")) {
      all.addAll(List.of("--family", "compact"));
    }
    if (!all.contains("--out")) {
      all.addAll(List.of("--out", folder.resolve("out").toString()));
    }
    assertThat(execute(all)).isNotZero();
    assertThat(folder.resolve("out")).doesNotExist();
    return err.toString().strip();
  }

  private int execute(List<String> options) {
    CommandLine commandLine =
        PretrainCommand.commandLine(SMALL)
            .setOut(new PrintWriter(said, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute(options.toArray(String[]::new));
  }

  private List<String> namesIn(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
