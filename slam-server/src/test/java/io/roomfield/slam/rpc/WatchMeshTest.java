package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.session.SessionSettings;
import io.roomfield.slam.session.SlamSystem;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.ExtractMeshRequest;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.MeshChunk;
import io.roomfield.slam.v1.MeshPatch;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.WatchMeshRequest;
import io.roomfield.slam.v1.WatchMeshResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole engine maps a small room while a client watches. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WatchMeshTest {
  private static final int FRAMES = 9;
  private static final double DEPTH_SCALE = 10_000;
  private static final double RESOLUTION = 0.04;

  private final ComputeBackend backend = SmallRoom.backend();
  private final Map<String, MeshChunk> chunks = new HashMap<>();
  private SlamServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server =
        SlamServer.start(
            RunningServer.config(Map.of("maxMessageBytes", 1 << 20)),
            backend,
            (settings, onMapped) ->
                new SlamSystem(
                    new SessionSettings(
                        "",
                        SmallRoom.config(SlamConfig.SyncMode.STRICT),
                        settings.camera(),
                        settings.depthScale(),
                        settings.initialWorldFromCamera(),
                        false),
                    backend,
                    onMapped));
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
    backend.close();
  }

  @Test
  void theMeshGrowsAndBecomesTheWhole() {
    String session = openSession();
    Iterator<WatchMeshResponse> watch = stub().watchMesh(request(session));
    RecordedAnswers<StreamFramesResponse> frames = new RecordedAnswers<>();
    var sending = SlamServiceGrpc.newStub(channel).streamFrames(frames);
    sending.onNext(RunningServer.start(session));
    sending.onNext(frame(0));

    long first = nextVersion(watch);
    int before = chunks.size();
    for (int i = 1; i < FRAMES; i++) {
      sending.onNext(frame(i));
    }
    long second = nextVersion(watch);
    sending.onCompleted();
    var unused =
        stub().finishSession(FinishSessionRequest.newBuilder().setSessionId(session).build());
    long last = second;
    while (watch.hasNext()) {
      last = nextVersion(watch);
    }

    assertThat(first).isPositive().isLessThan(second);
    assertThat(before).isPositive();
    assertThat(last).isGreaterThanOrEqualTo(second);
    assertThat(watched()).containsExactlyInAnyOrderElementsOf(extracted(session));
  }

  @Test
  void ofAFinishedSessionItIsToldOnce() {
    String session = openSession();
    var unused =
        stub().finishSession(FinishSessionRequest.newBuilder().setSessionId(session).build());

    assertThat(stub().watchMesh(request(session)).hasNext()).as("an empty map").isFalse();
  }

  @Test
  void aResolutionOutOfRangeIsRefused() {
    String session = openSession();
    Refusals.assertRefused(
        () -> stub().watchMesh(request(session).toBuilder().setResolutionM(0.01).build()).hasNext(),
        Status.Code.INVALID_ARGUMENT,
        "resolution_m");
  }

  /** Reads the patches of one version of the map. */
  private long nextVersion(Iterator<WatchMeshResponse> watch) {
    while (true) {
      WatchMeshResponse message = watch.next();
      if (message.hasUpdated()) {
        return message.getUpdated().getMapVersion();
      }
      MeshPatch patch = message.getPatch();
      String key = patch.getX() + " " + patch.getY() + " " + patch.getZ();
      assertThat(patch.getSightings().size() * 12).isEqualTo(patch.getMesh().getPositions().size());
      if (patch.getMesh().getFaces().isEmpty()) {
        chunks.remove(key);
      } else {
        chunks.put(key, patch.getMesh());
      }
    }
  }

  private List<List<Float>> watched() {
    List<List<Float>> all = new ArrayList<>();
    chunks.values().forEach(chunk -> all.addAll(triangles(chunk)));
    return all;
  }

  private List<List<Float>> extracted(String session) {
    MeshChunk.Builder whole = MeshChunk.newBuilder();
    Iterator<ExtractMeshResponse> answers =
        stub()
            .extractMesh(
                ExtractMeshRequest.newBuilder()
                    .setSessionId(session)
                    .setResolutionM(RESOLUTION)
                    .build());
    answers.forEachRemaining(
        answer -> {
          MeshChunk chunk = answer.getChunk();
          whole
              .setPositions(whole.getPositions().concat(chunk.getPositions()))
              .setFaces(whole.getFaces().concat(chunk.getFaces()));
        });
    return triangles(whole.build());
  }

  private static List<List<Float>> triangles(MeshChunk chunk) {
    ByteBuffer positions = littleEndian(chunk.getPositions());
    ByteBuffer faces = littleEndian(chunk.getFaces());
    List<List<Float>> all = new ArrayList<>();
    while (faces.hasRemaining()) {
      List<Float> corners = new ArrayList<>();
      for (int corner = 0; corner < 3; corner++) {
        int vertex = faces.getInt();
        for (int d = 0; d < 3; d++) {
          corners.add(positions.getFloat(Float.BYTES * (3 * vertex + d)));
        }
      }
      all.add(corners);
    }
    return all;
  }

  private static ByteBuffer littleEndian(ByteString bytes) {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private SlamServiceGrpc.SlamServiceBlockingStub stub() {
    return SlamServiceGrpc.newBlockingStub(channel);
  }

  private static WatchMeshRequest request(String session) {
    return WatchMeshRequest.newBuilder().setSessionId(session).setResolutionM(RESOLUTION).build();
  }

  private String openSession() {
    PinholeCamera c = SmallRoom.CAMERA;
    return stub()
        .createSession(
            CreateSessionRequest.newBuilder()
                .setCamera(
                    CameraIntrinsics.newBuilder()
                        .setWidth(c.width())
                        .setHeight(c.height())
                        .setFx(c.fx())
                        .setFy(c.fy())
                        .setCx(c.cx())
                        .setCy(c.cy()))
                .setDepthScale(DEPTH_SCALE)
                .setInitialPose(ProtoConverter.pose(SmallRoom.pose(0)))
                .build())
        .getSessionId();
  }

  private static StreamFramesRequest frame(int number) {
    RgbdFrame frame = SmallRoom.frame(number);
    float[] metres = frame.depthMetres();
    ByteBuffer depth =
        ByteBuffer.allocate(Short.BYTES * metres.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float metre : metres) {
      depth.putShort((short) Math.round(metre * DEPTH_SCALE));
    }
    return StreamFramesRequest.newBuilder()
        .setFrame(
            Frame.newBuilder()
                .setSequenceNumber(number)
                .setTimestampNs(frame.timestampNanos())
                .setColour(
                    ColourImage.newBuilder()
                        .setEncoding(ColourEncoding.COLOUR_ENCODING_RGB8)
                        .setData(ByteString.copyFrom(frame.rgb())))
                .setDepth(
                    DepthImage.newBuilder()
                        .setEncoding(DepthEncoding.DEPTH_ENCODING_RAW16)
                        .setData(ByteString.copyFrom(depth.array()))))
        .build();
  }
}
