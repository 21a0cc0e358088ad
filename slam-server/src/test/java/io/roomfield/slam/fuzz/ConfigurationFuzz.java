package io.roomfield.slam.fuzz;

import com.fasterxml.jackson.core.JacksonException;
import io.roomfield.slam.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Configuration of the server: an input is the file. */
public final class ConfigurationFuzz {
  private static final Path FILE = TemporaryFolder.create("fuzz-config").resolve("server.yaml");

  /** The parser's buffers and a message that quotes the input. */
  private static final Execution EXECUTION =
      new Execution(8 << 20, List.of(IllegalArgumentException.class, IOException.class));

  private ConfigurationFuzz() {}

  /** Reads a configuration. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Files.write(FILE, input);
    EXECUTION.run(
        () -> {
          try {
            ServerConfig.load(FILE, Map.of());
          } catch (JacksonException e) {
            // An IOException, but it names neither file nor key.
            throw new AssertionError("not told as an error of the file", e);
          }
        });
  }
}
