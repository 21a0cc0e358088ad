package io.roomfield.slam.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.client.replay.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and its commands on a server that asks who calls. */
class SecuredServerTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 50, 51, 31.5, 23.5);

  @TempDir Path folder;

  @AfterEach
  void forgetTheServer() {
    System.clearProperty(ServerProcess.CLASSPATH_PROPERTY);
    System.clearProperty(ServerProcess.JVM_FLAGS_PROPERTY);
  }

  @Test
  void tokensOpenSessionsThatCanBeShared() throws IOException, InterruptedException {
    Path tokens = folder.resolve("tokens.json");
    String alice = new TokenFile(tokens).create("alice", Optional.empty());
    String bob = new TokenFile(tokens).create("bob", Optional.empty());
    Path config =
        Files.writeString(
            folder.resolve("server.yaml"), "security:\n  tokens: '%s'\n".formatted(tokens));
    System.setProperty(ServerProcess.CLASSPATH_PROPERTY, System.getProperty("java.class.path"));
    System.setProperty(
        ServerProcess.JVM_FLAGS_PROPERTY,
        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx512m");
    List<String> arguments =
        List.of("--backend", "scalar", "--threads", "1", "--config", config.toString());
    try (ServerProcess server = ServerProcess.start(arguments, folder.resolve("log"));
        SlamClient nobody = SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE);
        SlamClient client = SlamClient.connect(server.hostAndPort(), with(alice))) {
      assertThat(catchThrowableOfType(SlamClientException.class, nobody::serverInfo).code())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      String session = client.createSession(SessionOptions.of(CAMERA, 1000)).getSessionId();

      assertThat(sessions(server, bob)).isEmpty();
      String[] share = {"share", "--session", session, "--principal", "bob", "--role", "viewer"};
      assertThat(run(server, alice, share)).isEmpty();
      assertThat(sessions(server, bob))
          .startsWith(session)
          .contains("open  owner alice  you: viewer");
    }
  }

  private static ConnectionSecurity with(String token) {
    return new ConnectionSecurity(
        Optional.of(token), false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static String sessions(ServerProcess server, String token) {
    return run(server, token, "sessions");
  }

  private static String run(ServerProcess server, String token, String... command) {
    StringWriter out = new StringWriter();
    String[] arguments = Arrays.copyOf(command, command.length + 4);
    arguments[command.length] = "--server";
    arguments[command.length + 1] = server.hostAndPort();
    arguments[command.length + 2] = "--token";
    arguments[command.length + 3] = token;
    assertThat(SlamCommand.commandLine().setOut(new PrintWriter(out)).execute(arguments)).isZero();
    return out.toString();
  }
}
