package io.roomfield.slam.rpc;

import static io.roomfield.slam.rpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.session.FakeEngines;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlamServerTest {
  private RunningServer server;
  private String session;

  @BeforeAll
  void startServer() throws IOException {
    server = new RunningServer(Map.of());
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @AfterEach
  void closeSession() {
    if (session != null) {
      server
          .blocking()
          .closeSession(CloseSessionRequest.newBuilder().setSessionId(session).build());
      session = null;
    }
  }

  @Test
  void isHealthyAsAWholeAndAsTheSlamService() {
    var health = HealthGrpc.newBlockingStub(server.channel());
    for (String name : new String[] {"", SlamServiceGrpc.SERVICE_NAME}) {
      HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(name).build();
      assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void tellsAboutItself() {
    session = server.openSession();

    ServerInfo info = server.blocking().getServerInfo(GetServerInfoRequest.getDefaultInstance());

    assertThat(info.getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(info.getBackend()).isEqualTo("idle (0 threads)");
    assertThat(info.getPresetsList()).containsExactlyElementsOf(Presets.names());
    assertThat(info.getMaxMessageBytes()).isEqualTo(RunningServer.MAX_MESSAGE_BYTES);
    assertThat(info.getMaxSessions()).isEqualTo(RunningServer.MAX_SESSIONS);
    assertThat(info.getSessions()).isEqualTo(1);
    assertThat(info.getStartedAtUnixNs()).isPositive();
  }

  @Test
  void metricsTellWhatHappened() throws IOException, InterruptedException {
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
    session = server.openSession();
    stream.onNext(RunningServer.start(session));
    server.engine().permit(1);
    stream.onNext(RunningServer.frame(1));
    stream.onNext(RunningServer.frame(0)); // out of order: rejected
    stream.onCompleted();
    assertThat(answers.end()).isNull();

    String metrics = get("/metrics");

    assertThat(metrics)
        .contains("roomfield_sessions 1.0")
        .contains("roomfield_frames_accepted_total 1.0")
        .contains("roomfield_frames_rejected_total 1.0")
        .contains("roomfield_frames_dropped_total{reason=\"closed\"} 0.0")
        .contains("roomfield_frames_tracked_total{status=\"tracking\"} 1.0")
        .contains("roomfield_frames_tracked_total{status=\"lost\"} 0.0")
        .contains("roomfield_tracking_seconds_count 1")
        .contains("roomfield_mapping_seconds_count 1")
        .contains("roomfield_decode_seconds_count 1")
        .contains("roomfield_preprocess_seconds_count 1")
        .contains("roomfield_queue_wait_seconds_count 1")
        .contains("roomfield_alignment_seconds_count 1")
        .contains("roomfield_tracking_depth_loss_metres_sum 0.01")
        .contains("roomfield_tracking_colour_loss_sum 0.02")
        .contains("roomfield_tracking_inlier_share_sum 0.9")
        .contains("roomfield_queue_frames 0.0")
        .contains("roomfield_keyframes 1.0")
        .contains("roomfield_map_bytes 0.0")
        .contains("roomfield_map_blocks{level=\"fine\"} 0.0")
        .contains("roomfield_backend_info{backend=\"idle\",description=\"idle (0 threads)\"} 1");
  }

  /** A gRPC-Web call is an ordinary POST: one empty message, behind five bytes of framing. */
  @Test
  void speaksGrpcWebOnTheSamePort() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/io.roomfield.slam.v1.SlamService/GetServerInfo"))
            .header("Content-Type", "application/grpc-web+proto")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5]))
            .build();
    try (HttpClient client = http()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("idle (0 threads)").contains("grpc-status: 0");
    }
  }

  @Test
  void reflectionIsServedOnlyIfWanted() throws IOException, InterruptedException {
    assertThat(Status.fromThrowable(listServices(server).end()).getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);

    try (RunningServer reflecting = new RunningServer(Map.of("reflection", true))) {
      assertThat(
              listServices(reflecting).next().getListServicesResponse().getServiceList().stream()
                  .map(service -> service.getName()))
          .contains(SlamServiceGrpc.SERVICE_NAME);
    }
  }

  @Test
  void refusesToListenBeyondThisMachineWithoutTls() {
    for (String host : new String[] {"0.0.0.0", "192.0.2.1"}) {
      assertThatThrownBy(
              () ->
                  SlamServer.start(
                      RunningServer.config(Map.of("host", host)),
                      new IdleBackend(),
                      new FakeEngines()))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageStartingWith("host: " + host)
          .hasMessageContaining("TLS");
    }
  }

  @Test
  void refusesToListenBeyondThisMachineWithoutAuthenticationOrWithReflection() {
    Map<String, String> tls = Map.of("certificate", "server.crt", "key", "server.key");
    assertNotStarted(Map.of("security", tls), "security.tokens");
    Map<String, String> closed = new HashMap<>(tls);
    closed.put("tokens", "tokens.json");
    assertNotStarted(Map.of("security", closed, "reflection", true), "reflection: false");
  }

  private static void assertNotStarted(Map<String, ?> options, String expected) {
    Map<String, Object> config = new HashMap<>(options);
    config.put("host", "0.0.0.0");
    assertThatThrownBy(
            () ->
                SlamServer.start(
                    RunningServer.config(config), new IdleBackend(), new FakeEngines()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("host: 0.0.0.0")
        .hasMessageContaining(expected);
  }

  /** The limit is on what a message becomes: a megabyte of zeros is a kilobyte compressed. */
  @Test
  void refusesASmallMessageThatDecompressesOverTheLimit() {
    assertRefused(
        () ->
            server
                .blocking()
                .withCompression("gzip")
                .createSession(
                    RunningServer.sessionRequest().setLabel("0".repeat(1 << 20)).build()),
        Status.Code.RESOURCE_EXHAUSTED,
        "message");
  }

  @Test
  void metricsAreForAdminsWhereCallersMustSayWhoTheyAre(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("tokens.json");
    String admins = new TokenFile(file).create("root", Optional.empty());
    String others = new TokenFile(file).create("alice", Optional.empty());
    try (RunningServer closed =
            new RunningServer(
                Map.of("security", Map.of("tokens", file.toString(), "admins", List.of("root"))));
        HttpClient client = http()) {
      URI metrics = URI.create("http://127.0.0.1:" + closed.port() + "/metrics");
      HttpRequest anonymous = HttpRequest.newBuilder(metrics).build();
      assertThat(client.send(anonymous, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      assertThat(client.send(bearer(metrics, others), BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
      assertThat(client.send(bearer(metrics, admins), BodyHandlers.ofString()).body())
          .contains("roomfield_");
      var health = HealthGrpc.newBlockingStub(closed.channel());
      assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  private static HttpRequest bearer(URI uri, String token) {
    return HttpRequest.newBuilder(uri).header("authorization", "Bearer " + token).build();
  }

  @Test
  void stoppingEndsStreamsAndClosesEngines() throws IOException {
    RunningServer stopping = new RunningServer(Map.of());
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = stopping.streaming().streamFrames(answers);
    stream.onNext(RunningServer.start(stopping.openSession()));

    stopping.close();

    assertThat(answers.end()).isInstanceOf(StatusRuntimeException.class);
    assertThat(stopping.engine().closed()).isTrue();
  }

  private static RecordedAnswers<ServerReflectionResponse> listServices(RunningServer of) {
    RecordedAnswers<ServerReflectionResponse> answers = new RecordedAnswers<>();
    StreamObserver<ServerReflectionRequest> call =
        ServerReflectionGrpc.newStub(of.channel()).serverReflectionInfo(answers);
    call.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    call.onCompleted();
    return answers;
  }

  private String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = http()) {
      HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** A client that does not ask for HTTP/2 first, which a busy machine may answer too late. */
  private static HttpClient http() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
