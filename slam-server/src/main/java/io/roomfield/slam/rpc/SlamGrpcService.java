package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.meshing.LiveMesh;
import io.roomfield.slam.meshing.MeshExtractor;
import io.roomfield.slam.meshing.MeshRequest;
import io.roomfield.slam.query.ViewRenderer;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.session.SessionCopies;
import io.roomfield.slam.session.SessionRegistry;
import io.roomfield.slam.session.SessionSettings;
import io.roomfield.slam.session.SlamMetrics;
import io.roomfield.slam.session.SlamSession;
import io.roomfield.slam.telemetry.LogContext;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.CloseSessionResponse;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.DeleteSessionRequest;
import io.roomfield.slam.v1.DeleteSessionResponse;
import io.roomfield.slam.v1.ExportSessionRequest;
import io.roomfield.slam.v1.ExtractMeshRequest;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.GetKeyframeRequest;
import io.roomfield.slam.v1.GetPoseRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.GetSessionStatusRequest;
import io.roomfield.slam.v1.GetTrajectoryRequest;
import io.roomfield.slam.v1.Keyframe;
import io.roomfield.slam.v1.ListKeyframesRequest;
import io.roomfield.slam.v1.ListKeyframesResponse;
import io.roomfield.slam.v1.ListSessionsRequest;
import io.roomfield.slam.v1.ListSessionsResponse;
import io.roomfield.slam.v1.OpenMapRequest;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.RenderedView;
import io.roomfield.slam.v1.SaveMapRequest;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionFile;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.ShareSessionRequest;
import io.roomfield.slam.v1.ShareSessionResponse;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamPosesRequest;
import io.roomfield.slam.v1.TrackedPose;
import io.roomfield.slam.v1.Trajectory;
import io.roomfield.slam.v1.WatchMeshRequest;
import io.roomfield.slam.v1.WatchMeshResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The API on the sessions: converts, delegates, answers. What a call means is in the .proto. */
final class SlamGrpcService extends SlamServiceGrpc.SlamServiceImplBase implements AutoCloseable {
  private final ServerConfig config;
  private final SessionRegistry sessions;
  private final SessionCopies copies;
  private final ComputeBackend backend;
  private final MeshExtractor meshExtractor;
  private final ViewRenderer viewRenderer;
  private final SlamMetrics metrics;

  /** Each has a thread, and may hold a mesh: what clients ask for must have an end. */
  private static final int LONG_CALLS = 64;

  private final Thread.Builder workThread = Thread.ofPlatform().name("work-", 0);
  private final Semaphore longCalls = new Semaphore(LONG_CALLS);

  /**
   * For calls that take long: interrupted when the call is cancelled or its deadline has passed.
   */
  private final ExecutorService workThreads =
      Executors.newThreadPerTaskExecutor(work -> limited(LogContext.carriedOver(work)));

  private final Instant startedAt = Instant.now();
  private final String version = ServerProcess.version();

  SlamGrpcService(
      ServerConfig config,
      SessionRegistry sessions,
      SessionCopies copies,
      ComputeBackend backend,
      SlamMetrics metrics) {
    this.config = config;
    this.sessions = sessions;
    this.copies = copies;
    this.backend = backend;
    meshExtractor = new MeshExtractor(backend);
    viewRenderer = new ViewRenderer(backend);
    this.metrics = metrics;
  }

  @Override
  public void createSession(CreateSessionRequest request, StreamObserver<Session> answer) {
    answer(
        "CreateSession",
        answer,
        () ->
            session(
                sessions.open(
                    RequestConverter.settings(request, config.maxMessageBytes()),
                    AccessInterceptor.caller())));
  }

  @Override
  public void listSessions(
      ListSessionsRequest request, StreamObserver<ListSessionsResponse> answer) {
    Principal caller = AccessInterceptor.caller();
    answer(
        "ListSessions", answer, () -> AccessConverter.sessions(sessions.visibleTo(caller), caller));
  }

  @Override
  public void shareSession(
      ShareSessionRequest request, StreamObserver<ShareSessionResponse> answer) {
    answer(
        "ShareSession",
        answer,
        () -> {
          String id = request.getSessionId();
          AccessConverter.share(request, role -> sessions.share(id, request.getPrincipal(), role));
          return AccessConverter.grants(sessions.ownership(id));
        });
  }

  @Override
  public StreamObserver<StreamFramesRequest> streamFrames(
      StreamObserver<StreamFramesResponse> answers) {
    return FrameStream.open(sessions, (ServerCallStreamObserver<StreamFramesResponse>) answers);
  }

  @Override
  public void getPose(GetPoseRequest request, StreamObserver<TrackedPose> answer) {
    answer("GetPose", answer, () -> ProtoConverter.trackedPose(pose(request)));
  }

  private TrackingResult pose(GetPoseRequest request) {
    var trajectory = sessions.get(request.getSessionId()).trajectory();
    if (trajectory.poses().isEmpty()) {
      throw BadInputException.of(Kind.NOT_FOUND, "session", "a tracked frame", "none yet");
    }
    if (!request.hasTimestampNs()) {
      return trajectory.poses().getLast();
    }
    long wanted = request.getTimestampNs();
    return trajectory
        .at(wanted)
        .orElseThrow(
            () ->
                BadInputException.of(
                    Kind.NOT_FOUND,
                    "timestamp_ns",
                    "%d to %d"
                        .formatted(
                            trajectory.poses().getFirst().timestampNanos(),
                            trajectory.poses().getLast().timestampNanos()),
                    wanted));
  }

  @Override
  public void streamPoses(StreamPosesRequest request, StreamObserver<TrackedPose> answers) {
    try {
      PoseStream.open(
          sessions.get(request.getSessionId()), (ServerCallStreamObserver<TrackedPose>) answers);
    } catch (RuntimeException e) {
      answers.onError(StatusMapper.toStatus(e, "StreamPoses"));
    }
  }

  @Override
  public void getTrajectory(GetTrajectoryRequest request, StreamObserver<Trajectory> answer) {
    answer(
        "GetTrajectory",
        answer,
        () -> ProtoConverter.trajectory(sessions.get(request.getSessionId()).trajectory()));
  }

  @Override
  public void listKeyframes(
      ListKeyframesRequest request, StreamObserver<ListKeyframesResponse> answer) {
    answer(
        "ListKeyframes",
        answer,
        () ->
            ListKeyframesResponse.newBuilder()
                .addAllKeyframes(
                    sessions.get(request.getSessionId()).keyframes().stream()
                        .map(ProtoConverter::keyframe)
                        .toList())
                .build());
  }

  @Override
  public void getKeyframe(GetKeyframeRequest request, StreamObserver<Keyframe> answer) {
    answer("GetKeyframe", answer, () -> keyframe(request));
  }

  private Keyframe keyframe(GetKeyframeRequest request) {
    var keyframes = sessions.get(request.getSessionId()).keyframes();
    return keyframes.stream()
        .filter(keyframe -> keyframe.id() == request.getKeyframeId())
        .findFirst()
        .map(ProtoConverter::keyframeWithImages)
        .orElseThrow(
            () ->
                BadInputException.of(
                    Kind.NOT_FOUND,
                    "keyframe_id",
                    "one of the %d keyframes".formatted(keyframes.size()),
                    Integer.toUnsignedString(request.getKeyframeId())));
  }

  @Override
  public void extractMesh(ExtractMeshRequest request, StreamObserver<ExtractMeshResponse> answers) {
    try {
      SlamSession session = sessions.get(request.getSessionId());
      MeshRequest wanted = RequestConverter.meshRequest(request);
      MapSnapshot map = map(session);
      PinholeCamera camera = session.settings().camera();
      var keyframes = session.keyframes();
      MeshStream.open(
          progress ->
              metrics
                  .meshes()
                  .record(() -> meshExtractor.extract(map, camera, keyframes, wanted, progress)),
          (ServerCallStreamObserver<ExtractMeshResponse>) answers,
          workThreads);
    } catch (RuntimeException e) {
      answers.onError(StatusMapper.toStatus(e, "ExtractMesh"));
    }
  }

  @Override
  public void watchMesh(WatchMeshRequest request, StreamObserver<WatchMeshResponse> answers) {
    try {
      SlamSession session = sessions.get(request.getSessionId());
      LiveMesh mesh =
          new LiveMesh(
              backend.withLanes(1),
              session.settings().camera(),
              RequestConverter.meshResolution(request));
      MeshWatch.open(
          session, mesh, (ServerCallStreamObserver<WatchMeshResponse>) answers, workThreads);
    } catch (RuntimeException e) {
      answers.onError(StatusMapper.toStatus(e, "WatchMesh"));
    }
  }

  @Override
  public void renderView(RenderViewRequest request, StreamObserver<RenderedView> answer) {
    answerLater("RenderView", answer, () -> view(request));
  }

  private RenderedView view(RenderViewRequest request) {
    SlamSession session = sessions.get(request.getSessionId());
    SE3 worldFromCamera = RequestConverter.viewPose(request);
    PinholeCamera camera =
        RequestConverter.viewCamera(request, session.settings().camera(), config.maxMessageBytes());
    float farMetres = RaySampler.FAR_FACTOR * session.farthestDepthMetres();
    return ProtoConverter.view(
        metrics
            .views()
            .record(() -> viewRenderer.render(map(session), camera, worldFromCamera, farMetres)));
  }

  private static MapSnapshot map(SlamSession session) {
    return session
        .map()
        .orElseThrow(
            () ->
                BadInputException.of(
                    Kind.WRONG_MOMENT, "session", "a map with a frame in it", "an empty map"));
  }

  @Override
  public void getSessionStatus(
      GetSessionStatusRequest request, StreamObserver<SessionStatus> answer) {
    answer("GetSessionStatus", answer, () -> status(request.getSessionId()));
  }

  @Override
  public void finishSession(FinishSessionRequest request, StreamObserver<SessionStatus> answer) {
    answerLater(
        "FinishSession",
        answer,
        () -> {
          sessions.revive(request.getSessionId()).finish().get();
          return status(request.getSessionId());
        });
  }

  private SessionStatus status(String sessionId) {
    return ProtoConverter.status(sessions.get(sessionId), backend.description());
  }

  @Override
  public void closeSession(
      CloseSessionRequest request, StreamObserver<CloseSessionResponse> answer) {
    answer(
        "CloseSession",
        answer,
        () -> {
          sessions.close(request.getSessionId());
          return CloseSessionResponse.getDefaultInstance();
        });
  }

  @Override
  public void deleteSession(
      DeleteSessionRequest request, StreamObserver<DeleteSessionResponse> answer) {
    answer(
        "DeleteSession",
        answer,
        () -> {
          sessions.delete(request.getSessionId());
          return DeleteSessionResponse.getDefaultInstance();
        });
  }

  @Override
  public void saveMap(SaveMapRequest request, StreamObserver<Session> answer) {
    Principal caller = AccessInterceptor.caller();
    answerLater(
        "SaveMap",
        answer,
        () -> {
          String label = SessionSettings.checkedLabel(request.getLabel());
          SessionCopies.Saved saved = copies.save(request.getSessionId(), label, caller);
          return ProtoConverter.session(saved.id(), saved.settings(), config.queueCapacity());
        });
  }

  @Override
  public void openMap(OpenMapRequest request, StreamObserver<Session> answer) {
    Principal caller = AccessInterceptor.caller();
    answerLater(
        "OpenMap",
        answer,
        () ->
            session(
                copies.openMap(
                    request.getSessionId(), RequestConverter.mapOpening(request), caller)));
  }

  private Session session(SlamSession session) {
    return ProtoConverter.session(session.id(), session.settings(), config.queueCapacity());
  }

  @Override
  public void exportSession(ExportSessionRequest request, StreamObserver<SessionFile> answers) {
    try {
      SessionExport.open(
          () -> copies.export(request.getSessionId()),
          (ServerCallStreamObserver<SessionFile>) answers,
          workThreads);
    } catch (RuntimeException e) {
      answers.onError(StatusMapper.toStatus(e, "ExportSession"));
    }
  }

  @Override
  public StreamObserver<SessionFile> importSession(StreamObserver<Session> answer) {
    Principal caller = AccessInterceptor.caller();
    return SessionImport.open(
        copies,
        caller,
        file -> session(copies.take(file, caller)),
        (ServerCallStreamObserver<Session>) answer,
        workThreads);
  }

  @Override
  public void getServerInfo(GetServerInfoRequest request, StreamObserver<ServerInfo> answer) {
    answer(
        "GetServerInfo",
        answer,
        () ->
            ServerInfo.newBuilder()
                .setVersion(version)
                .setBackend(backend.description())
                .setGpu(ComputeBackends.gpu())
                .addAllPresets(Presets.names())
                .setMaxMessageBytes(config.maxMessageBytes())
                .setMaxSessions(config.maxSessions())
                .setSessions(sessions.size())
                .setKeepsSessions(sessions.keepsSessions())
                .setStartedAtUnixNs(
                    TimeUnit.SECONDS.toNanos(startedAt.getEpochSecond()) + startedAt.getNano())
                .build());
  }

  /** Stops what takes long. */
  @Override
  public void close() {
    List<Runnable> neverStarted = workThreads.shutdownNow();
    assert neverStarted.isEmpty() : "a thread per task starts at once";
    workThreads.close();
  }

  /**
   * A thread for a call that takes long.
   *
   * @throws BadInputException of kind LIMIT if there are as many already as may be
   */
  private Thread limited(Runnable work) {
    if (!longCalls.tryAcquire()) {
      throw BadInputException.of(
          Kind.LIMIT,
          "server",
          "at most %d meshes, views and copies of sessions at a time".formatted(LONG_CALLS),
          "one more; try again when one has ended");
    }
    return workThread.unstarted(
        () -> {
          try {
            work.run();
          } finally {
            longCalls.release();
          }
        });
  }

  /** On a thread of its own. */
  private <T> void answerLater(String what, StreamObserver<T> answer, Callable<T> result) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) answer;
    try {
      Future<?> work = workThreads.submit(() -> answerLong(what, call, result));
      call.setOnCancelHandler(() -> work.cancel(true));
    } catch (RuntimeException e) {
      call.onError(StatusMapper.toStatus(e, what));
    }
  }

  private static <T> void answerLong(
      String what, ServerCallStreamObserver<T> call, Callable<T> result) {
    T message;
    try {
      message = result.call();
    } catch (Throwable e) {
      StatusMapper.end(call, e, what);
      return;
    }
    call.onNext(message);
    call.onCompleted();
  }

  private static <T> void answer(String what, StreamObserver<T> answer, Supplier<T> result) {
    T message;
    try {
      message = result.get();
    } catch (RuntimeException | OutOfMemoryError e) {
      answer.onError(StatusMapper.toStatus(e, what));
      return;
    }
    answer.onNext(message);
    answer.onCompleted();
  }
}
