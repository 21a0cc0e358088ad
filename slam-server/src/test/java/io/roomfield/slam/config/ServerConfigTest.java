package io.roomfield.slam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
  @TempDir private Path folder;

  @Test
  void defaultsListenOnLoopbackWithA16MebibyteLimit() throws IOException {
    ServerConfig config = ServerConfig.load(null, Map.of());

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.maxMessageBytes()).isEqualTo(16 << 20);
    assertThat(config.backend()).isEqualTo("auto");
    assertThat(config.reflection()).isFalse();
  }

  @Test
  void fileReplacesDefaultsAndOptionsReplaceTheFile() throws IOException {
    Path file = write("port: 1234\nthreads: 3\n");

    ServerConfig config =
        ServerConfig.load(
            file, Map.of("port", 0, "dataDirectory", folder.toString(), "reflection", true));

    assertThat(config.port()).isZero();
    assertThat(config.threads()).isEqualTo(3);
    assertThat(config.dataDirectory()).isEqualTo(folder);
    assertThat(config.reflection()).isTrue();
  }

  @Test
  void unknownKeyNamesFileAndNearestKey() throws IOException {
    Path file = write("maxSesions: 3\n");

    assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": unknown key maxSesions (nearest: maxSessions)");
  }

  @Test
  void valueOutOfRangeNamesItsSource() throws IOException {
    Path file = write("queueCapacity: 0\n");

    assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
        .hasMessage(file + ": queueCapacity: 0 (expected: 1 to 1024)");
    assertThatThrownBy(() -> ServerConfig.load(null, Map.of("port", 70_000)))
        .hasMessage("options: port: 70000 (expected: 0 to 65535)");
    assertThatThrownBy(() -> ServerConfig.load(null, Map.of("mapMebibytes", -1)))
        .hasMessage("options: mapMebibytes: -1 (expected: 0 to 1048576)");
  }

  @Test
  void logsAreForPeopleAndNothingIsTracedUnlessWanted() throws IOException {
    ServerConfig defaults = ServerConfig.load(null, Map.of());
    assertThat(defaults.logFormat()).isEqualTo(ServerConfig.LogFormat.TEXT);
    assertThat(defaults.tracing().endpoint()).isEmpty();

    ServerConfig wanted =
        ServerConfig.load(
            write("logFormat: json\ntracing:\n  endpoint: http://localhost:4318/v1/traces\n"),
            Map.of());

    assertThat(wanted.logFormat()).isEqualTo(ServerConfig.LogFormat.JSON);
    assertThat(wanted.tracing().endpoint()).isEqualTo("http://localhost:4318/v1/traces");
    assertThat(wanted.tracing().share()).isEqualTo(1);
    assertThatThrownBy(() -> ServerConfig.load(write("tracing:\n  share: 1.5\n"), Map.of()))
        .hasMessageContaining("tracing.share: 1.5 (expected: 0 to 1)");
    assertThatThrownBy(() -> ServerConfig.load(write("tracing:\n  endpoint: here\n"), Map.of()))
        .hasMessageContaining("tracing.endpoint: here (expected: an http or https URL");
  }

  @Test
  void keysWithinAMappingAreReplacedOneByOne() throws IOException {
    Path file = write("security:\n  tokens: tokens.json\n  admins: [root]\n");

    SecurityConfig security =
        ServerConfig.load(file, Map.of("security", Map.of("tokens", "other.json"))).security();

    assertThat(security.tokens()).isEqualTo("other.json");
    assertThat(security.admins()).containsExactly("root");
    assertThat(security.tls()).isFalse();
    assertThat(security.authentication()).isTrue();
  }

  @Test
  void whatBelongsTogetherIsConfiguredTogether() throws IOException {
    assertBad("certificate: a.pem", "security.certificate without security.key");
    assertBad("clientCa: a.pem", "security.clientCa without security.certificate");
    assertBad("jwtIssuer: a", "security.jwtIssuer without security.jwtAudience");
    assertBad(
        "{jwtIssuer: a, jwtAudience: b, jwtKeys: 'http://a'}",
        "(expected: a file, or an https URL)");
    assertBad("token: a", "unknown key security.token (nearest: tokens)");
  }

  private void assertBad(String security, String message) throws IOException {
    Path file = write("security: " + (security.startsWith("{") ? security : "{" + security + "}"));
    assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingFileIsAnError() {
    assertThatThrownBy(() -> ServerConfig.load(folder.resolve("none.yaml"), Map.of()))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aPrincipalsOwnLimitsReplaceEveryonesKeyByKey() throws IOException {
    Path file =
        write(
            """
            limits:
              everyone: {sessions: 5, weight: 2}
              principals:
                alice: {sessions: 50}
            """);

    LimitsConfig limits = ServerConfig.load(file, Map.of("port", 0)).limits();

    assertThat(limits.of("bob")).isEqualTo(new PrincipalLimits(2, 5, 0, 0, 0, 0));
    assertThat(limits.of("alice")).isEqualTo(new PrincipalLimits(2, 50, 0, 0, 0, 0));
    assertThat(ServerConfig.load(null, Map.of()).limits().of("alice"))
        .isEqualTo(new PrincipalLimits(1, 0, 0, 0, 0, 0));
  }

  @Test
  void limitsThatAreNoneAreRefused() throws IOException {
    Path file = write("limits: {principals: {alice: {weight: 0}}}");
    assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
        .hasMessage(file + ": limits: weight: 0.0 (expected: > 0)");
    Path unknown = write("limits: {everyone: {frames: 30}}");
    assertThatThrownBy(() -> ServerConfig.load(unknown, Map.of()))
        .hasMessageContaining("unknown key limits.everyone.frames");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("server.yaml"), yaml);
  }
}
