package io.roomfield.slam;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.rpc.IdleBackend;
import io.roomfield.slam.rpc.SlamServer;
import io.roomfield.slam.session.FakeEngines;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServerCommandTest {
  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  @Test
  void mistakesAreOneLineAndExitCodeOne() throws IOException {
    Path config = Files.writeString(folder.resolve("server.yaml"), "prot: 5\n");

    assertThat(run("--config", config.toString())).isEqualTo(1);
    assertThat(err).hasToString("server: " + config + ": unknown key prot (nearest: port)\n");
  }

  @Test
  void missingConfigFileIsNamed() {
    Path missing = folder.resolve("none.yaml");

    assertThat(run("--config", missing.toString())).isEqualTo(1);
    assertThat(err).hasToString("server: %s: no such file%n".formatted(missing));
  }

  @Test
  void unknownBackendListsTheKnownOnes() {
    assertThat(run("--port", "0", "--backend", "opencl")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("server: backend: opencl (expected: one of auto, scalar, vector, cuda");
  }

  @Test
  void unknownOptionIsAUsageError() {
    assertThat(run("--prot", "5")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--prot");
  }

  @Test
  void readyServerIsAnnouncedInAFileAndALine() throws IOException {
    ServerConfig config = ServerConfig.load(null, Map.of("port", 0, "keepSessions", false));
    Path portFile = folder.resolve("port");
    StringWriter out = new StringWriter();
    IdleBackend backend = new IdleBackend();
    int port;
    try (SlamServer server = SlamServer.start(config, backend, new FakeEngines())) {
      port = server.port();
      ServerCommand.announce(server, config, backend, new PrintWriter(out), portFile);
    }

    assertThat(portFile).hasContent(Integer.toString(port));
    assertThat(out)
        .hasToString(
            "roomfield SERVING on 127.0.0.1:%d backend=idle (0 threads)%n".formatted(port));
  }

  private int run(String... arguments) {
    return ServerCommand.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
  }
}
