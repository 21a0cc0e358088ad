package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.ListSessionsRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // making keys takes long
class TlsTest {
  private Path folder;
  private PemFixture pem;

  @BeforeAll
  void makeCertificates(@TempDir Path temporary) throws IOException, CertificateEncodingException {
    folder = temporary;
    pem = new PemFixture(folder);
    pem.make("server", "localhost");
    pem.make("alice", "alice");
    pem.make("mallory", "alice"); // says the same name, and nobody has vouched for it
  }

  @Test
  void aServerWithACertificateSpeaksTlsOnly() throws IOException {
    try (RunningServer server = server(Map.of())) {
      assertThat(call(server, "server", null)).isEqualTo(Status.Code.OK);
      assertThat(call(server, "mallory", null)).isEqualTo(Status.Code.UNAVAILABLE);
      // The channel of the fixture has no TLS.
      assertThat(codeOf(server.channel())).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void aTrustedClientCertificateSaysThePrincipal() throws IOException {
    try (RunningServer server = server(Map.of("clientCa", pem.certificate("alice").toString()))) {
      ManagedChannel channel = pem.channel(server.port(), "server", "alice");
      try {
        var stub = SlamServiceGrpc.newBlockingStub(channel);
        var unused = stub.createSession(RunningServer.sessionRequest().build());
        assertThat(
                stub.listSessions(ListSessionsRequest.getDefaultInstance())
                    .getSessions(0)
                    .getOwner())
            .isEqualTo("alice");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void anUntrustedClientCertificateOrNoneIsRefused() throws IOException {
    try (RunningServer server = server(Map.of("clientCa", pem.certificate("alice").toString()))) {
      assertThat(call(server, "server", "alice")).isEqualTo(Status.Code.OK);
      assertThat(call(server, "server", "mallory")).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(call(server, "server", null)).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void whereTokensAreTakenACertificateMayBeMissingButNotUntrusted() throws IOException {
    Path file = folder.resolve("tokens.json");
    String token = new TokenFile(file).create("bob", Optional.empty());
    try (RunningServer server =
        server(
            Map.of("clientCa", pem.certificate("alice").toString(), "tokens", file.toString()))) {
      assertThat(call(server, "server", "alice")).isEqualTo(Status.Code.OK);
      assertThat(call(server, "server", null)).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(callWithToken(server, null, token)).isEqualTo(Status.Code.OK);
      assertThat(callWithToken(server, "mallory", token)).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void filesThatChangeAreReadAgainAndBrokenOnesLeaveWhatWas()
      throws IOException, CertificateEncodingException {
    pem.make("renewed", "localhost");
    pem.replace("used", "server");
    pem.replace("clients", "alice");
    try (RunningServer server =
        server(
            Map.of(
                "certificate", pem.certificate("used").toString(),
                "key", pem.key("used").toString(),
                "clientCa", pem.certificate("clients").toString()))) {
      assertThat(call(server, "server", "alice")).isEqualTo(Status.Code.OK);

      pem.replace("used", "renewed");
      assertThat(call(server, "renewed", "alice")).isEqualTo(Status.Code.OK);
      assertThat(call(server, "server", "alice")).isEqualTo(Status.Code.UNAVAILABLE);

      Files.writeString(pem.certificate("used"), "no certificate");
      assertThat(call(server, "renewed", "alice")).isEqualTo(Status.Code.OK);

      pem.replace("clients", "mallory");
      assertThat(call(server, "renewed", "mallory")).isEqualTo(Status.Code.OK);
      assertThat(call(server, "renewed", "alice")).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void withTlsAndAuthenticationItListensOnEveryAddress() throws IOException {
    try (RunningServer server =
        server(Map.of("clientCa", pem.certificate("alice").toString()), "0.0.0.0")) {
      assertThat(call(server, "server", "alice")).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void mistakesStopTheStart() throws IOException {
    Files.copy(pem.key("mallory"), pem.key("stray"));
    assertThatThrownBy(() -> server(Map.of("key", pem.key("stray").toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stray.key")
        .hasMessageContaining("the key is not the certificate's");
    assertThatThrownBy(() -> server(Map.of("key", pem.key("none").toString())))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none.key");
    Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> server(Map.of("clientCa", folder.resolve("empty.pem").toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  private RunningServer server(Map<String, String> more) throws IOException {
    return server(more, "127.0.0.1");
  }

  private RunningServer server(Map<String, String> more, String host) throws IOException {
    Map<String, String> security = new HashMap<>();
    security.put("certificate", pem.certificate("server").toString());
    security.put("key", pem.key("server").toString());
    security.putAll(more);
    return new RunningServer(Map.of("security", security, "host", host));
  }

  private Status.Code call(RunningServer server, String trusted, String client) throws IOException {
    ManagedChannel channel = pem.channel(server.port(), trusted, client);
    try {
      return codeOf(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private Status.Code callWithToken(RunningServer server, String client, String token)
      throws IOException {
    ManagedChannel channel = pem.channel(server.port(), "server", client);
    try {
      return codeOf(SecuredCalls.withToken(channel, token));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status.Code codeOf(Channel channel) {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                SlamServiceGrpc.newBlockingStub(channel)
                    .getServerInfo(GetServerInfoRequest.getDefaultInstance()));
    return refusal == null ? Status.Code.OK : refusal.getStatus().getCode();
  }
}
