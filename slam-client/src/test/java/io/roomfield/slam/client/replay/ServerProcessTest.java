package io.roomfield.slam.client.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.SlamClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  private static final List<String> SCALAR = List.of("--backend", "scalar", "--threads", "1");

  @TempDir Path folder;

  @AfterEach
  void forgetTheServer() {
    System.clearProperty(ServerProcess.CLASSPATH_PROPERTY);
    System.clearProperty(ServerProcess.JVM_FLAGS_PROPERTY);
  }

  @Test
  void startsAServerThatAnswersAndStopsIt() throws IOException, InterruptedException {
    System.setProperty(ServerProcess.CLASSPATH_PROPERTY, System.getProperty("java.class.path"));
    System.setProperty(
        ServerProcess.JVM_FLAGS_PROPERTY,
        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx512m");
    ServerProcess server = ServerProcess.start(SCALAR, folder.resolve("log"));
    try (server;
        SlamClient client = SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE)) {
      assertThat(client.serverInfo().getBackend()).startsWith("scalar");
    }
    assertThat(server.failure()).as("ended").isPresent();
  }

  @Test
  void aServerThatDoesNotStartShowsTheEndOfItsLog() {
    System.setProperty(ServerProcess.CLASSPATH_PROPERTY, folder.toString());
    assertThatThrownBy(() -> ServerProcess.start(List.of(), folder.resolve("log")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the server ended with exit code 1")
        .hasMessageContaining("io.roomfield.slam.ServerCommand");
  }

  @Test
  void withoutTheLauncherItSaysWhatIsMissing() {
    assertThatThrownBy(() -> ServerProcess.start(List.of(), folder.resolve("log")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("roomfield.server.classpath")
        .hasMessageContaining("--server host:port");
  }
}
