package io.roomfield.slam.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.v1.BadInput;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.DeleteSessionRequest;
import io.roomfield.slam.v1.DeleteSessionResponse;
import io.roomfield.slam.v1.ExtractMeshRequest;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.FrameAccepted;
import io.roomfield.slam.v1.FrameDropped;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.GetPoseRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.GetTrajectoryRequest;
import io.roomfield.slam.v1.Losses;
import io.roomfield.slam.v1.MeshChunk;
import io.roomfield.slam.v1.MeshHeader;
import io.roomfield.slam.v1.MeshProgress;
import io.roomfield.slam.v1.OpenMapRequest;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.RenderedView;
import io.roomfield.slam.v1.SaveMapRequest;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.Timing;
import io.roomfield.slam.v1.TrackedPose;
import io.roomfield.slam.v1.TrackingStatus;
import io.roomfield.slam.v1.Trajectory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A service that answers as the proto promises and computes nothing: a frame's pose is what the
 * test says for its sequence number; a rendered view is a wall at a constant depth.
 */
public final class FakeSlamService extends SlamServiceGrpc.SlamServiceImplBase {
  public static final String SESSION_ID = "session-1";
  public static final int QUEUE_CAPACITY = 2;
  public static final float WALL_METRES = 2;

  /** Poses by sequence number; others are the identity. */
  public final Map<Long, Pose> poses = new HashMap<>();

  public final Set<Long> rejected = new HashSet<>();
  public final Set<Long> dropped = new HashSet<>();
  public final Set<Long> lost = new HashSet<>();
  public final List<String> calls = new ArrayList<>();

  /** Frames that have come and wait for {@link #settleOldest}; only where answers are held back. */
  public final List<Frame> heldBack = new ArrayList<>();

  public boolean holdAnswersBack;
  public int chunksLeftOut;
  public CreateSessionRequest created;
  public OpenMapRequest opened;
  public SaveMapRequest saved;

  private final List<TrackedPose> trajectory = new ArrayList<>();
  private int accepted;
  private StreamObserver<StreamFramesResponse> answers;

  @Override
  public void getServerInfo(GetServerInfoRequest request, StreamObserver<ServerInfo> observer) {
    answer(
        observer,
        ServerInfo.newBuilder()
            .setVersion("test")
            .setBackend("fake (16 floats, 3 threads)")
            .addPresets("default")
            .build());
  }

  @Override
  public void createSession(CreateSessionRequest request, StreamObserver<Session> observer) {
    created = request;
    if (request.getPreset().equals("unknown")) {
      BadInput badInput =
          BadInput.newBuilder().setField("preset").setExpected("default").setGot("unknown").build();
      observer.onError(
          StatusProto.toStatusRuntimeException(
              com.google.rpc.Status.newBuilder()
                  .setCode(Code.INVALID_ARGUMENT_VALUE)
                  .setMessage("preset: unknown (expected: default)")
                  .addDetails(Any.pack(badInput))
                  .build()));
      return;
    }
    answer(
        observer,
        Session.newBuilder().setSessionId(SESSION_ID).setQueueCapacity(QUEUE_CAPACITY).build());
  }

  @Override
  public void openMap(OpenMapRequest request, StreamObserver<Session> observer) {
    opened = request;
    answer(observer, Session.newBuilder().setSessionId("opened").build());
  }

  @Override
  public void saveMap(SaveMapRequest request, StreamObserver<Session> observer) {
    saved = request;
    answer(observer, Session.newBuilder().setSessionId("saved").build());
  }

  @Override
  public StreamObserver<StreamFramesRequest> streamFrames(
      StreamObserver<StreamFramesResponse> observer) {
    answers = observer;
    return new StreamObserver<>() {
      @Override
      public void onNext(StreamFramesRequest request) {
        if (request.hasFrame()) {
          take(request.getFrame());
        }
      }

      @Override
      public void onError(Throwable cause) {
        calls.add("cancelled");
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  /** Answers the oldest frame that is held back. */
  public void settleOldest() {
    settle(heldBack.removeFirst());
  }

  /** Ends the frame stream with an error. */
  public void breakStream(io.grpc.Status status) {
    answers.onError(status.asRuntimeException());
  }

  @Override
  public void getPose(GetPoseRequest request, StreamObserver<TrackedPose> observer) {
    answer(
        observer,
        TrackedPose.newBuilder()
            .setTimestampNs(request.getTimestampNs())
            .setWorldFromCamera(Pose.newBuilder().setQw(1).setTx(1.5))
            .setOdometryFromCamera(Pose.newBuilder().setQw(1).setTx(1))
            .setMapFromOdometry(Pose.newBuilder().setQw(1).setTx(0.5))
            .setStatus(TrackingStatus.TRACKING_STATUS_TRACKING)
            .build());
  }

  @Override
  public void getTrajectory(GetTrajectoryRequest request, StreamObserver<Trajectory> observer) {
    answer(observer, Trajectory.newBuilder().addAllPoses(trajectory).build());
  }

  @Override
  public void extractMesh(
      ExtractMeshRequest request, StreamObserver<ExtractMeshResponse> observer) {
    observer.onNext(
        ExtractMeshResponse.newBuilder()
            .setProgress(MeshProgress.newBuilder().setFraction(0.5))
            .build());
    observer.onNext(
        ExtractMeshResponse.newBuilder()
            .setHeader(MeshHeader.newBuilder().setVertices(4).setFaces(2))
            .build());
    List<MeshChunk> chunks =
        List.of(
            vertices(request, 0, 0, WALL_METRES, 1, 0, WALL_METRES),
            vertices(request, 0, 1, WALL_METRES, 1, 1, WALL_METRES),
            MeshChunk.newBuilder().setFaces(ints(0, 2, 1, 1, 2, 3)).build());
    for (MeshChunk chunk : chunks.subList(0, chunks.size() - chunksLeftOut)) {
      observer.onNext(ExtractMeshResponse.newBuilder().setChunk(chunk).build());
    }
    observer.onCompleted();
  }

  @Override
  public void renderView(RenderViewRequest request, StreamObserver<RenderedView> observer) {
    int pixels = request.getCamera().getWidth() * request.getCamera().getHeight();
    ByteBuffer depth = ByteBuffer.allocate(pixels * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (depth.hasRemaining()) {
      depth.putFloat(WALL_METRES);
    }
    answer(
        observer,
        RenderedView.newBuilder()
            .setWidth(request.getCamera().getWidth())
            .setHeight(request.getCamera().getHeight())
            .setDepth(ByteString.copyFrom(depth.flip()))
            .setColour(ByteString.copyFrom(new byte[3 * pixels]))
            .build());
  }

  @Override
  public void finishSession(FinishSessionRequest request, StreamObserver<SessionStatus> observer) {
    calls.add("finish");
    answer(
        observer,
        SessionStatus.newBuilder()
            .setSessionId(request.getSessionId())
            .setPreset("default")
            .setBackend("fake")
            .setSeed(7)
            .setFramesAccepted(accepted)
            .setFramesTracked(trajectory.size())
            .setFramesLost(lost.size())
            .setFramesDropped(dropped.size())
            .setKeyframes(1)
            .setTrackingMs(Timing.newBuilder().setMedian(10).setP95(20))
            .setMappingMs(Timing.newBuilder().setMedian(30).setP95(40))
            .setMapBytes(2_500_000)
            .setServerPeakRssBytes(300_000_000)
            .build());
  }

  @Override
  public void deleteSession(
      DeleteSessionRequest request, StreamObserver<DeleteSessionResponse> observer) {
    calls.add("delete");
    answer(observer, DeleteSessionResponse.getDefaultInstance());
  }

  private void take(Frame frame) {
    if (rejected.contains(frame.getSequenceNumber())) {
      answers.onNext(
          response(frame)
              .setRejected(FrameRejected.newBuilder().setMessage("frame refused"))
              .build());
      return;
    }
    accepted++;
    answers.onNext(response(frame).setAccepted(FrameAccepted.getDefaultInstance()).build());
    if (holdAnswersBack) {
      heldBack.add(frame);
    } else {
      settle(frame);
    }
  }

  private void settle(Frame frame) {
    long sequenceNumber = frame.getSequenceNumber();
    if (dropped.contains(sequenceNumber)) {
      answers.onNext(
          response(frame).setDropped(FrameDropped.newBuilder().setReason("too late")).build());
      return;
    }
    TrackedPose pose =
        TrackedPose.newBuilder()
            .setSequenceNumber(sequenceNumber)
            .setTimestampNs(frame.getTimestampNs())
            .setWorldFromCamera(
                poses.getOrDefault(sequenceNumber, Pose.newBuilder().setQw(1).build()))
            .setOdometryFromCamera(
                poses.getOrDefault(sequenceNumber, Pose.newBuilder().setQw(1).build()))
            .setMapFromOdometry(Pose.newBuilder().setQw(1))
            .setStatus(
                lost.contains(sequenceNumber)
                    ? TrackingStatus.TRACKING_STATUS_LOST
                    : TrackingStatus.TRACKING_STATUS_TRACKING)
            .build();
    trajectory.add(pose);
    answers.onNext(
        response(frame)
            .setTracked(
                FrameTracked.newBuilder()
                    .setPose(pose)
                    .setLosses(Losses.newBuilder().setDepthM(0.01).setColour(0.02))
                    .setTrackingMs(10)
                    .setKeyframes(1))
            .build());
  }

  private static StreamFramesResponse.Builder response(Frame frame) {
    return StreamFramesResponse.newBuilder().setSequenceNumber(frame.getSequenceNumber());
  }

  private static MeshChunk vertices(ExtractMeshRequest request, float... positions) {
    MeshChunk.Builder chunk =
        MeshChunk.newBuilder()
            .setPositions(floats(positions))
            .setNormals(floats(0, 0, -1, 0, 0, -1));
    if (!request.getWithoutColours()) {
      chunk.setColours(ByteString.copyFrom(new byte[positions.length]));
    }
    return chunk.build();
  }

  private static ByteString floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static ByteString ints(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static <T> void answer(StreamObserver<T> observer, T value) {
    observer.onNext(value);
    observer.onCompleted();
  }
}
