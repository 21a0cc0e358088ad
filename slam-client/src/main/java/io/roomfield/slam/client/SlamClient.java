package io.roomfield.slam.client;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.DeleteSessionRequest;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.GetKeyframeRequest;
import io.roomfield.slam.v1.GetPoseRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.GetSessionStatusRequest;
import io.roomfield.slam.v1.GetTrajectoryRequest;
import io.roomfield.slam.v1.Grant;
import io.roomfield.slam.v1.ListKeyframesRequest;
import io.roomfield.slam.v1.ListSessionsRequest;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.Role;
import io.roomfield.slam.v1.SaveMapRequest;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionEntry;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.ShareSessionRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamPosesRequest;
import io.roomfield.slam.v1.TrackedPose;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * A connection to a Roomfield server: the API of {@code slam.proto} with poses as {@link SE3} and
 * refusals as {@link SlamClientException}. Calls block. Safe for use by several threads.
 */
public final class SlamClient implements AutoCloseable {
  /** Largest answer taken: a rendered 8192-pixel view would be split by nobody. */
  private static final int MAX_ANSWER_BYTES = 512 << 20;

  private static final long KEEP_ALIVE_SECONDS = 60;
  private static final long SHUTDOWN_SECONDS = 5;

  private final ManagedChannel channel;
  private final SlamServiceGrpc.SlamServiceBlockingStub blocking;
  private final SlamServiceGrpc.SlamServiceStub async;

  /** A client on a channel of the caller's making; {@link #close} shuts the channel down. */
  public SlamClient(ManagedChannel channel) {
    this.channel = channel;
    blocking = SlamServiceGrpc.newBlockingStub(channel).withMaxInboundMessageSize(MAX_ANSWER_BYTES);
    async = SlamServiceGrpc.newStub(channel);
  }

  /**
   * A client of the server at {@code host:port}. Connects at the first call.
   *
   * @throws IllegalArgumentException if the target has no port, or a token would cross a network
   *     unencrypted
   * @throws IOException if a file of the security's cannot be read
   */
  public static SlamClient connect(String hostAndPort, ConnectionSecurity security)
      throws IOException {
    if (!hostAndPort.matches(".+:\\d{1,5}")) {
      throw new IllegalArgumentException(
          "server: '%s' (expected: host:port, as in localhost:7400)".formatted(hostAndPort));
    }
    return new SlamClient(
        security
            .channelTo(hostAndPort)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .build());
  }

  /** Version, compute backend, presets, limits. */
  public ServerInfo serverInfo() {
    return call(
        "GetServerInfo", () -> blocking.getServerInfo(GetServerInfoRequest.getDefaultInstance()));
  }

  /** Opens a session for one camera. */
  public Session createSession(SessionOptions options) {
    return call("CreateSession", () -> blocking.createSession(options.toProto()));
  }

  /** Opens a session in the map of another one, which stays as it is. */
  public Session openMap(MapOptions options) {
    return call("OpenMap", () -> blocking.openMap(options.toProto()));
  }

  /**
   * Keeps a session as it is now, as a finished session of its own.
   *
   * @param label of the new session; empty for the old one's
   */
  public Session saveMap(String sessionId, String label) {
    SaveMapRequest request =
        SaveMapRequest.newBuilder().setSessionId(sessionId).setLabel(label).build();
    return call("SaveMap", () -> blocking.saveMap(request));
  }

  /**
   * Opens the session's frame stream; one at a time.
   *
   * @param maxInFlight frames that may be sent and not settled; the session's queue capacity keeps
   *     the server busy without its queue ever overflowing
   */
  public FrameStreamer streamFrames(String sessionId, int maxInFlight, FrameListener listener) {
    return new FrameStreamer(async, sessionId, maxInFlight, listener);
  }

  /** The newest pose. */
  public PoseEstimate pose(String sessionId) {
    return pose(GetPoseRequest.newBuilder().setSessionId(sessionId).build());
  }

  /** The pose at a time within the trajectory, interpolated between frames. */
  public PoseEstimate poseAt(String sessionId, long timestampNanos) {
    return pose(
        GetPoseRequest.newBuilder().setSessionId(sessionId).setTimestampNs(timestampNanos).build());
  }

  /** Hands on every pose as frames are tracked; returns when the session is finished or closed. */
  public void streamPoses(String sessionId, Consumer<PoseEstimate> consumer) {
    StreamPosesRequest request = StreamPosesRequest.newBuilder().setSessionId(sessionId).build();
    cancellable(
        "StreamPoses",
        () -> {
          Iterator<TrackedPose> poses = blocking.streamPoses(request);
          poses.forEachRemaining(pose -> consumer.accept(ProtoConverter.fromProto(pose)));
          return null;
        });
  }

  /** One pose per tracked frame, in order of time. */
  public List<PoseEstimate> trajectory(String sessionId) {
    GetTrajectoryRequest request =
        GetTrajectoryRequest.newBuilder().setSessionId(sessionId).build();
    return call("GetTrajectory", () -> blocking.getTrajectory(request)).getPosesList().stream()
        .map(ProtoConverter::fromProto)
        .toList();
  }

  /** All keyframes without their images. */
  public List<KeyframeView> keyframes(String sessionId) {
    ListKeyframesRequest request =
        ListKeyframesRequest.newBuilder().setSessionId(sessionId).build();
    return call("ListKeyframes", () -> blocking.listKeyframes(request)).getKeyframesList().stream()
        .map(ProtoConverter::fromProto)
        .toList();
  }

  /** One keyframe with its images. */
  public KeyframeView keyframe(String sessionId, int keyframeId) {
    GetKeyframeRequest request =
        GetKeyframeRequest.newBuilder().setSessionId(sessionId).setKeyframeId(keyframeId).build();
    return ProtoConverter.fromProto(call("GetKeyframe", () -> blocking.getKeyframe(request)));
  }

  /**
   * The surface of the map.
   *
   * @param progress told how far the work is, 0 to 1
   */
  public TriangleMesh extractMesh(String sessionId, MeshOptions options, DoubleConsumer progress) {
    return cancellable(
        "ExtractMesh",
        () ->
            assemble(
                blocking.extractMesh(options.toProto(sessionId)), options.colours(), progress));
  }

  /**
   * Depth and colour of the map from a pose.
   *
   * @param camera empty: the session's; a smaller image of the same view is much faster
   */
  public RenderedImage renderView(
      String sessionId, SE3 worldFromCamera, Optional<PinholeCamera> camera) {
    RenderViewRequest.Builder request =
        RenderViewRequest.newBuilder()
            .setSessionId(sessionId)
            .setWorldFromCamera(ProtoConverter.toProto(worldFromCamera));
    camera.ifPresent(c -> request.setCamera(ProtoConverter.toProto(c)));
    return ProtoConverter.fromProto(call("RenderView", () -> blocking.renderView(request.build())));
  }

  /** State, counters, timings. */
  public SessionStatus status(String sessionId) {
    GetSessionStatusRequest request =
        GetSessionStatusRequest.newBuilder().setSessionId(sessionId).build();
    return call("GetSessionStatus", () -> blocking.getSessionStatus(request));
  }

  /**
   * Waits until every accepted frame is mapped, runs the final refinement, takes no more frames.
   */
  public SessionStatus finishSession(String sessionId) {
    FinishSessionRequest request =
        FinishSessionRequest.newBuilder().setSessionId(sessionId).build();
    return call("FinishSession", () -> blocking.finishSession(request));
  }

  /** Ends a session and deletes all there is of it. */
  public void deleteSession(String sessionId) {
    DeleteSessionRequest request =
        DeleteSessionRequest.newBuilder().setSessionId(sessionId).build();
    var unused = call("DeleteSession", () -> blocking.deleteSession(request));
  }

  /** The sessions that the caller has a role on. */
  public List<SessionEntry> sessions() {
    return call(
            "ListSessions", () -> blocking.listSessions(ListSessionsRequest.getDefaultInstance()))
        .getSessionsList();
  }

  /**
   * Gives a principal a role on a session, or with NONE takes it back.
   *
   * @return all grants
   */
  public List<Grant> shareSession(String sessionId, String principal, Role role) {
    ShareSessionRequest request =
        ShareSessionRequest.newBuilder()
            .setSessionId(sessionId)
            .setPrincipal(principal)
            .setRole(role)
            .build();
    return call("ShareSession", () -> blocking.shareSession(request)).getGrantsList();
  }

  /** Frees a session's memory; it is over unless the server keeps sessions. */
  public void closeSession(String sessionId) {
    CloseSessionRequest request = CloseSessionRequest.newBuilder().setSessionId(sessionId).build();
    var unused = call("CloseSession", () -> blocking.closeSession(request));
  }

  /** Breaks off running calls and closes the connection. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PoseEstimate pose(GetPoseRequest request) {
    return ProtoConverter.fromProto(call("GetPose", () -> blocking.getPose(request)));
  }

  private static TriangleMesh assemble(
      Iterator<ExtractMeshResponse> answers, boolean colours, DoubleConsumer progress) {
    MeshAssembler mesh = null;
    while (answers.hasNext()) {
      ExtractMeshResponse answer = answers.next();
      switch (answer.getMessageCase()) {
        case PROGRESS -> progress.accept(answer.getProgress().getFraction());
        case HEADER -> mesh = new MeshAssembler(answer.getHeader(), colours);
        case CHUNK -> started(mesh).add(answer.getChunk());
        case MESSAGE_NOT_SET ->
            throw SlamClientException.badAnswer("ExtractMesh", "an empty message");
      }
    }
    return started(mesh).finish();
  }

  private static MeshAssembler started(MeshAssembler mesh) {
    if (mesh == null) {
      throw SlamClientException.badAnswer("ExtractMesh", "no header (expected: before any chunk)");
    }
    return mesh;
  }

  /** A call whose stream is cancelled when reading it ends early, by an exception of the reader. */
  private static <T> T cancellable(String rpc, Supplier<T> work) {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Context previous = context.attach();
      try {
        return call(rpc, work);
      } finally {
        context.detach(previous);
      }
    }
  }

  private static <T> T call(String rpc, Supplier<T> work) {
    try {
      return work.get();
    } catch (StatusRuntimeException e) {
      throw SlamClientException.of(rpc, e);
    }
  }
}
