package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.compute.AnalyticMaps;
import io.roomfield.slam.config.TracingConfig;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.RenderedView;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long calls whose clients do not wait for ever. */
@Timeout(60) // a call that goes on fails instead of hanging the build
class DeadlineTest {
  /** The call is under way by then: it waits until it is interrupted. */
  private static final long DEADLINE_MILLIS = 500;

  /** Never ends by itself. */
  private static final class EndlessBackend extends IdleBackend {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public void evaluate(
        SceneField field,
        FieldStage stage,
        float[] points,
        int count,
        float[] logits,
        float[] colours) {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw (CancellationException) new CancellationException().initCause(e);
      }
    }
  }

  private final EndlessBackend backend = new EndlessBackend();
  private RunningServer server;
  private String session;

  @BeforeEach
  void openASessionWithAMap() throws Exception {
    server = new RunningServer(Map.of(), Tracing.to(new TracingConfig("", 0)), backend);
    session = server.openSession();
    server.engine().publish(AnalyticMaps.aroundOrigin());
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
    stream.onNext(RunningServer.start(session));
    server.engine().permit(1);
    stream.onNext(RunningServer.frame(1));
    stream.onCompleted();
    assertThat(answers.end()).isNull();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RenderViewRequest view() {
    return RenderViewRequest.newBuilder()
        .setSessionId(session)
        .setWorldFromCamera(Pose.newBuilder().setQw(1))
        .build();
  }

  @Test
  void aViewIsNoLongerRenderedWhenItsDeadlineHasPassed() throws InterruptedException {
    Throwable ended =
        catchThrowable(
            () ->
                server
                    .blocking()
                    .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                    .renderView(view()));

    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    backend.interrupted.await();
  }

  @Test
  void aServerThatStopsSaysSoToWhoWaitsForAView() throws InterruptedException {
    RecordedAnswers<RenderedView> answers = new RecordedAnswers<>();
    server.streaming().renderView(view(), answers);
    backend.begun.await();

    server.stop();

    assertThat(Status.fromThrowable(answers.end()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }
}
