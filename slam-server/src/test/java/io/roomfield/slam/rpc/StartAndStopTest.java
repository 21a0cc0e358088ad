package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.config.TracingConfig;
import io.roomfield.slam.session.FakeEngines;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamPosesRequest;
import io.roomfield.slam.v1.TrackedPose;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of a server that starts and of one that stops. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StartAndStopTest {
  private static final String[] NAMES = {"", SlamServiceGrpc.SERVICE_NAME};

  @TempDir private Path folder;

  private static HealthCheckRequest service(String name) {
    return HealthCheckRequest.newBuilder().setService(name).build();
  }

  @Test
  void aServerThatLoadsAnswersThatItDoesNotServeYet() throws IOException {
    try (SlamServer server =
        SlamServer.listen(RunningServer.config(Map.of()), Tracing.to(new TracingConfig("", 0)))) {
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      var health = HealthGrpc.newBlockingStub(channel);
      var slam = SlamServiceGrpc.newBlockingStub(channel);
      for (String name : NAMES) {
        assertThat(health.check(service(name)).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      }
      Refusals.assertRefused(
          () -> slam.getServerInfo(GetServerInfoRequest.getDefaultInstance()),
          Status.Code.UNAVAILABLE,
          "server");

      server.serve(new IdleBackend(), new FakeEngines());

      for (String name : NAMES) {
        assertThat(health.check(service(name)).getStatus()).isEqualTo(ServingStatus.SERVING);
      }
      assertThat(slam.getServerInfo(GetServerInfoRequest.getDefaultInstance()).getBackend())
          .isEqualTo("idle (0 threads)");
      channel.shutdownNow();
    }
  }

  /** Health is told before sessions are closed, and streams end as ones that can be resumed. */
  @Test
  void aServerThatStopsTellsItAndWhatToDo() throws Exception {
    RunningServer server =
        new RunningServer(Map.of("keepSessions", true, "dataDirectory", folder.toString()));
    RecordedAnswers<HealthCheckResponse> health = new RecordedAnswers<>();
    HealthGrpc.newStub(server.channel()).watch(service(SlamServiceGrpc.SERVICE_NAME), health);
    assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    String session = server.openSession();
    RecordedAnswers<StreamFramesResponse> frames = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(frames);
    stream.onNext(RunningServer.start(session));
    RecordedAnswers<TrackedPose> poses = new RecordedAnswers<>();
    server
        .streaming()
        .streamPoses(StreamPosesRequest.newBuilder().setSessionId(session).build(), poses);
    server.engine().permit(1);
    stream.onNext(RunningServer.frame(1));
    assertThat(frames.next().hasAccepted()).isTrue();
    assertThat(frames.next().hasTracked()).isTrue();
    assertThat(poses.next().getSequenceNumber()).isEqualTo(1);
    stream.onNext(RunningServer.frame(2)); // never tracked here
    assertThat(frames.next().hasAccepted()).isTrue();

    Thread stopping = Thread.ofPlatform().start(server::stop);

    assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    server.engine().permit(1); // the frame at hand
    for (RecordedAnswers<?> ended : new RecordedAnswers<?>[] {frames, poses}) {
      Status status = Status.fromThrowable(ended.end());
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).contains("stream again");
    }
    stopping.join();
    server.close();
  }
}
