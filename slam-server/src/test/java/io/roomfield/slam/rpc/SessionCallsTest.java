package io.roomfield.slam.rpc;

import static io.roomfield.slam.rpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.v1.Box;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.ExtractMeshRequest;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.GetKeyframeRequest;
import io.roomfield.slam.v1.GetPoseRequest;
import io.roomfield.slam.v1.GetSessionStatusRequest;
import io.roomfield.slam.v1.GetTrajectoryRequest;
import io.roomfield.slam.v1.Keyframe;
import io.roomfield.slam.v1.ListKeyframesRequest;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionState;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.SlamServiceGrpc.SlamServiceBlockingStub;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamPosesRequest;
import io.roomfield.slam.v1.SyncMode;
import io.roomfield.slam.v1.TrackedPose;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call but StreamFrames. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionCallsTest {
  private static final Pose IDENTITY = Pose.newBuilder().setQw(1).build();

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
  void createSessionTellsWhatWasTaken() {
    Session created =
        server
            .blocking()
            .createSession(
                RunningServer.sessionRequest()
                    .setPreset("paper-tum")
                    .setSeed(77)
                    .setSync(SyncMode.SYNC_MODE_STRICT)
                    .setInitialPose(IDENTITY)
                    .setLabel("desk")
                    .build());
    session = created.getSessionId();

    assertThat(created.getPreset()).isEqualTo("paper-tum");
    assertThat(created.getSeed()).isEqualTo(77);
    assertThat(created.getQueueCapacity()).isEqualTo(RunningServer.QUEUE_CAPACITY);
    SessionStatus status = status();
    assertThat(status.getLabel()).isEqualTo("desk");
    assertThat(status.getState()).isEqualTo(SessionState.SESSION_STATE_OPEN);
    assertThat(status.getBackend()).isEqualTo("idle (0 threads)");
    assertThat(status.getServerPeakRssBytes()).isNotNegative();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSessions")
  void createSessionRefuses(String field, Consumer<CreateSessionRequest.Builder> spoil) {
    CreateSessionRequest.Builder request = RunningServer.sessionRequest();
    spoil.accept(request);

    assertRefused(
        () -> server.blocking().createSession(request.build()),
        Status.Code.INVALID_ARGUMENT,
        field);
  }

  static Stream<Arguments> badSessions() {
    return Stream.of(
        bad("camera", CreateSessionRequest.Builder::clearCamera),
        bad("camera.width", r -> r.getCameraBuilder().setWidth(8)),
        bad("camera.width", r -> r.getCameraBuilder().setWidth(-1)),
        bad("camera", r -> r.getCameraBuilder().setWidth(8192).setHeight(8192)),
        bad("camera.height", r -> r.getCameraBuilder().setHeight(10_000)),
        bad("camera.fx", r -> r.getCameraBuilder().setFx(0)),
        bad("camera.fx", r -> r.getCameraBuilder().setFx(-500)),
        bad("camera.fy", r -> r.getCameraBuilder().setFy(Double.NaN)),
        bad("camera.cx", r -> r.getCameraBuilder().setCx(16)),
        bad("camera.cy", r -> r.getCameraBuilder().setCy(-0.5)),
        bad("depth_scale", r -> r.setDepthScale(0)),
        bad("depth_scale", r -> r.setDepthScale(Double.POSITIVE_INFINITY)),
        bad("preset", r -> r.setPreset("fast")),
        bad("label", r -> r.setLabel("x".repeat(101))),
        bad("sync", r -> r.setSyncValue(9)),
        bad("initial_pose", r -> r.setInitialPose(Pose.getDefaultInstance())),
        bad("initial_pose", r -> r.setInitialPose(IDENTITY.toBuilder().setQx(Double.NaN))),
        bad("initial_pose", r -> r.setInitialPose(IDENTITY.toBuilder().setTy(Double.NaN))),
        bad("initial_pose", r -> r.setInitialPose(IDENTITY.toBuilder().setQw(2))));
  }

  private static Arguments bad(String field, Consumer<CreateSessionRequest.Builder> spoil) {
    return Arguments.of(field, spoil);
  }

  @Test
  void moreSessionsThanAllowedAreRefused() {
    List<String> all =
        Stream.generate(server::openSession).limit(RunningServer.MAX_SESSIONS).toList();

    assertRefused(server::openSession, Status.Code.RESOURCE_EXHAUSTED, "sessions");

    all.forEach(
        id ->
            server
                .blocking()
                .closeSession(CloseSessionRequest.newBuilder().setSessionId(id).build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnASession")
  void unknownSessionIsNotFound(String name, SessionCall call) {
    assertRefused(
        () -> call.on(server.blocking(), "no-such-session"), Status.Code.NOT_FOUND, "session_id");
  }

  private interface SessionCall {
    void on(SlamServiceBlockingStub stub, String id);
  }

  static Stream<Arguments> callsOnASession() {
    return Stream.of(
        call("GetPose", (s, id) -> s.getPose(getPose(id).build())),
        call(
            "StreamPoses",
            (s, id) ->
                s.streamPoses(StreamPosesRequest.newBuilder().setSessionId(id).build()).next()),
        call(
            "GetTrajectory",
            (s, id) -> s.getTrajectory(GetTrajectoryRequest.newBuilder().setSessionId(id).build())),
        call(
            "ListKeyframes",
            (s, id) -> s.listKeyframes(ListKeyframesRequest.newBuilder().setSessionId(id).build())),
        call(
            "GetKeyframe",
            (s, id) -> s.getKeyframe(GetKeyframeRequest.newBuilder().setSessionId(id).build())),
        call("ExtractMesh", (s, id) -> s.extractMesh(mesh(id).build()).next()),
        call("RenderView", (s, id) -> s.renderView(view(id).build())),
        call(
            "GetSessionStatus",
            (s, id) ->
                s.getSessionStatus(GetSessionStatusRequest.newBuilder().setSessionId(id).build())),
        call(
            "FinishSession",
            (s, id) -> s.finishSession(FinishSessionRequest.newBuilder().setSessionId(id).build())),
        call(
            "CloseSession",
            (s, id) -> s.closeSession(CloseSessionRequest.newBuilder().setSessionId(id).build())));
  }

  private static Arguments call(String name, SessionCall call) {
    return Arguments.of(name, call);
  }

  @Test
  void queriesBeforeTheFirstFrame() {
    session = server.openSession();

    assertRefused(
        () -> server.blocking().getPose(getPose(session).build()),
        Status.Code.NOT_FOUND,
        "session");
    assertRefused(
        () -> server.blocking().extractMesh(mesh(session).build()).next(),
        Status.Code.FAILED_PRECONDITION,
        "session");
    assertRefused(
        () -> server.blocking().renderView(view(session).build()),
        Status.Code.FAILED_PRECONDITION,
        "session");
    assertThat(
            server
                .blocking()
                .getTrajectory(GetTrajectoryRequest.newBuilder().setSessionId(session).build())
                .getPosesList())
        .isEmpty();
  }

  @Test
  void queriesAfterFramesAnswerFromTheTrajectory() throws InterruptedException {
    session = server.openSession();
    track(2);

    TrackedPose newest = server.blocking().getPose(getPose(session).build());
    assertThat(newest.getSequenceNumber()).isEqualTo(2);
    assertThat(newest.getWorldFromCamera().getTx()).isEqualTo(1);
    assertThat(newest.getMapFromOdometry().getTy()).isEqualTo(0.25);
    assertThat(newest.getOdometryFromCamera().getTx()).isEqualTo(1);
    assertThat(newest.getOdometryFromCamera().getTy()).isEqualTo(-0.25);
    TrackedPose between = server.blocking().getPose(getPose(session).setTimestampNs(15).build());
    assertThat(between.getWorldFromCamera().getTx()).isEqualTo(0.5);
    assertRefused(
        () -> server.blocking().getPose(getPose(session).setTimestampNs(21).build()),
        Status.Code.NOT_FOUND,
        "timestamp_ns");
    assertThat(
            server
                .blocking()
                .getTrajectory(GetTrajectoryRequest.newBuilder().setSessionId(session).build())
                .getPosesList())
        .extracting(TrackedPose::getSequenceNumber)
        .containsExactly(1L, 2L);
  }

  @Test
  void keyframesComeWithTheirImagesAsSent() throws InterruptedException {
    session = server.openSession();
    track(2);

    List<Keyframe> listed =
        server
            .blocking()
            .listKeyframes(ListKeyframesRequest.newBuilder().setSessionId(session).build())
            .getKeyframesList();
    assertThat(listed).extracting(Keyframe::getKeyframeId).containsExactly(0, 1);
    assertThat(listed).noneMatch(Keyframe::hasColour);
    Keyframe whole = server.blocking().getKeyframe(getKeyframe(1));
    assertThat(whole.getColour()).isEqualTo(RunningServer.frame(2).getFrame().getColour());
    assertThat(whole.getDepth()).isEqualTo(RunningServer.frame(2).getFrame().getDepth());
    assertRefused(
        () -> server.blocking().getKeyframe(getKeyframe(2)), Status.Code.NOT_FOUND, "keyframe_id");
  }

  @Test
  void finishIsIdempotentAndTellsTheStatus() throws InterruptedException {
    session = server.openSession();
    track(1);
    FinishSessionRequest finish = FinishSessionRequest.newBuilder().setSessionId(session).build();

    SessionStatus status = server.blocking().finishSession(finish);

    assertThat(status.getState()).isEqualTo(SessionState.SESSION_STATE_FINISHED);
    assertThat(status.getFramesTracked()).isEqualTo(1);
    assertThat(status.getTrackingMs().getMedian()).isEqualTo(2);
    assertThat(status.getMappingMs().getCount()).isEqualTo(1);
    assertThat(status.getMappingShare()).isEqualTo(0.75);
    assertThat(status.getMappingRounds()).isEqualTo(1);
    assertThat(status.getMappingLosses().getDepthM()).isEqualTo(0.03);
    assertThat(status.getTrackingLosses().getColour()).isEqualTo(0.02);
    assertThat(status.getKeyframes()).isEqualTo(1);
    assertThat(server.blocking().finishSession(finish).getState())
        .isEqualTo(SessionState.SESSION_STATE_FINISHED);
  }

  @Test
  void poseStreamEndsWhenTheSessionIsFinished() {
    session = server.openSession();
    RecordedAnswers<TrackedPose> poses = new RecordedAnswers<>();
    server
        .streaming()
        .streamPoses(StreamPosesRequest.newBuilder().setSessionId(session).build(), poses);

    server
        .blocking()
        .finishSession(FinishSessionRequest.newBuilder().setSessionId(session).build());

    assertThat(poses.end()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badMeshes")
  void extractMeshRefuses(String field, ExtractMeshRequest.Builder request) {
    session = server.openSession();
    request.setSessionId(session);

    assertRefused(
        () -> server.blocking().extractMesh(request.build()).next(),
        Status.Code.INVALID_ARGUMENT,
        field);
  }

  static Stream<Arguments> badMeshes() {
    Box unit = Box.newBuilder().setMaxX(1).setMaxY(1).setMaxZ(1).build();
    return Stream.of(
        Arguments.of("resolution_m", mesh("").setResolutionM(0.001)),
        Arguments.of("resolution_m", mesh("").setResolutionM(1)),
        Arguments.of("resolution_m", mesh("").setResolutionM(Double.NaN)),
        Arguments.of("box", mesh("").setBox(unit.toBuilder().setMinY(2))),
        Arguments.of("box", mesh("").setBox(unit.toBuilder().setMaxZ(Double.NaN))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badViews")
  void renderViewRefuses(String field, RenderViewRequest.Builder request) {
    session = server.openSession();
    request.setSessionId(session);

    assertRefused(
        () -> server.blocking().renderView(request.build()), Status.Code.INVALID_ARGUMENT, field);
  }

  static Stream<Arguments> badViews() {
    CameraIntrinsics large =
        CameraIntrinsics.newBuilder()
            .setWidth(640)
            .setHeight(480)
            .setFx(500)
            .setFy(500)
            .setCx(320)
            .setCy(240)
            .build();
    return Stream.of(
        Arguments.of("world_from_camera", RenderViewRequest.newBuilder()),
        Arguments.of(
            "world_from_camera",
            view("").setWorldFromCamera(IDENTITY.toBuilder().setTx(Double.NaN))),
        Arguments.of("camera.fx", view("").setCamera(large.toBuilder().setFx(0))),
        // 640 x 480 x 7 bytes are more than this server's 64 KiB.
        Arguments.of("camera", view("").setCamera(large)));
  }

  private void track(int frames) throws InterruptedException {
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
    stream.onNext(RunningServer.start(session));
    server.engine().permit(frames);
    for (int i = 1; i <= frames; i++) {
      stream.onNext(RunningServer.frame(i));
    }
    stream.onCompleted();
    assertThat(answers.end()).isNull();
  }

  private SessionStatus status() {
    return server
        .blocking()
        .getSessionStatus(GetSessionStatusRequest.newBuilder().setSessionId(session).build());
  }

  private GetKeyframeRequest getKeyframe(int id) {
    return GetKeyframeRequest.newBuilder().setSessionId(session).setKeyframeId(id).build();
  }

  private static GetPoseRequest.Builder getPose(String id) {
    return GetPoseRequest.newBuilder().setSessionId(id);
  }

  private static ExtractMeshRequest.Builder mesh(String id) {
    return ExtractMeshRequest.newBuilder().setSessionId(id);
  }

  private static RenderViewRequest.Builder view(String id) {
    return RenderViewRequest.newBuilder().setSessionId(id).setWorldFromCamera(IDENTITY);
  }
}
