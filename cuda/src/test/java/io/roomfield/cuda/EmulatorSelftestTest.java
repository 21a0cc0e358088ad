package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The emulated driver's own tests, in C++: what the kernels' tests rely on. */
class EmulatorSelftestTest {
  private static final Path SCRIPT = Path.of("src/test/emulator/selftest/run.sh");
  private static final Path OUT = Path.of("target/selftest");

  @Test
  void theEmulatedDriverDoesWhatItShould() throws IOException, InterruptedException {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.use();
    Process run =
        new ProcessBuilder("bash", SCRIPT.toString(), OUT.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(said).isZero();
  }
}
