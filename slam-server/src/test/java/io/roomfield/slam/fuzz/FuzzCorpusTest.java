package io.roomfield.slam.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.store.SessionImportFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every input of the corpora once: those that the fuzzer starts from, and those that it found a
 * fault with. CONTRIBUTING.md says how to run the fuzzer itself.
 */
class FuzzCorpusTest {
  private static final Path CORPORA = Path.of("src/test/resources/fuzz");

  /** A folder of inputs, and what reads one. */
  record Target(String corpus, Fuzz fuzz) {
    @Override
    public String toString() {
      return corpus;
    }
  }

  @FunctionalInterface
  interface Fuzz {
    void read(byte[] input) throws Exception;
  }

  static List<Target> targets() {
    return List.of(
        new Target("frames", FrameDecodingFuzz::fuzzerTestOneInput),
        new Target("datasets", DatasetReadingFuzz::fuzzerTestOneInput),
        new Target("sessions", SessionImportFuzz::fuzzerTestOneInput),
        new Target("configuration", ConfigurationFuzz::fuzzerTestOneInput));
  }

  @Timeout(60)
  @ParameterizedTest
  @MethodSource("targets")
  void inputsAreReadOrRefusedAsDocumented(Target target) throws Exception {
    List<Path> inputs = inputs(target);
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      try {
        target.fuzz.read(Files.readAllBytes(input));
      } catch (AssertionError e) {
        throw new AssertionError(input.getFileName() + ": " + e.getMessage(), e);
      }
    }
  }

  private static List<Path> inputs(Target target) throws IOException {
    try (Stream<Path> files = Files.list(CORPORA.resolve(target.corpus))) {
      return files.sorted().toList();
    }
  }
}
