package io.roomfield.slam.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlamClientTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 50, 51, 31.5, 23.5);

  private final InProcessService server = new InProcessService();
  private final SlamClient client = server.client();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sendsEverySessionOption() {
    SE3 pose = SE3.fromRotationVector(0, 0, Math.PI / 2, 1, 2, 3);
    var unused =
        client.createSession(
            new SessionOptions(
                CAMERA,
                5000,
                "fast",
                Optional.of(pose),
                SyncMode.SYNC_MODE_STRICT,
                OptionalLong.of(9),
                "label"));
    var sent = server.service().created;
    assertThat(sent.getCamera().getFy()).isEqualTo(51);
    assertThat(sent.getDepthScale()).isEqualTo(5000);
    assertThat(sent.getPreset()).isEqualTo("fast");
    assertThat(sent.getSync()).isEqualTo(SyncMode.SYNC_MODE_STRICT);
    assertThat(sent.getSeed()).isEqualTo(9);
    assertThat(sent.getLabel()).isEqualTo("label");
    assertThat(
            ProtoConverter.fromProto(sent.getInitialPose()).inverse().times(pose).rotationAngle())
        .as("radians; a double's rounding")
        .isLessThan(1e-7);
    assertThat(sent.getInitialPose().getTy()).isEqualTo(2);
  }

  @Test
  void leavesOptionalFieldsUnset() {
    var unused = client.createSession(SessionOptions.of(CAMERA, 1000));
    assertThat(server.service().created.hasSeed()).isFalse();
    assertThat(server.service().created.hasInitialPose()).isFalse();
  }

  @Test
  void opensAndSavesMaps() {
    MapOptions options = new MapOptions("kitchen", "again", true, SyncMode.SYNC_MODE_STRICT);
    assertThat(client.openMap(options).getSessionId()).isEqualTo("opened");
    assertThat(server.service().opened.getSessionId()).isEqualTo("kitchen");
    assertThat(server.service().opened.getLabel()).isEqualTo("again");
    assertThat(server.service().opened.getLocaliseOnly()).isTrue();
    assertThat(server.service().opened.getSync()).isEqualTo(SyncMode.SYNC_MODE_STRICT);
    assertThat(server.service().opened.hasInitialPose()).isFalse();
    assertThat(client.saveMap("kitchen", "May").getSessionId()).isEqualTo("saved");
    assertThat(server.service().saved.getSessionId()).isEqualTo("kitchen");
    assertThat(server.service().saved.getLabel()).isEqualTo("May");
  }

  @Test
  void tellsFieldExpectedAndGotOfARefusal() {
    SessionOptions options =
        new SessionOptions(
            CAMERA,
            1000,
            "unknown",
            Optional.empty(),
            SyncMode.SYNC_MODE_UNSPECIFIED,
            OptionalLong.empty(),
            "");
    SlamClientException refusal =
        catchThrowableOfType(SlamClientException.class, () -> client.createSession(options));
    assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.field()).contains("preset");
    assertThat(refusal.expected()).contains("default");
    assertThat(refusal.got()).contains("unknown");
    assertThat(refusal).hasMessage("CreateSession: preset: unknown (expected: default)");
  }

  @Test
  void tellsThatACallIsNotThere() {
    SlamClientException refusal =
        catchThrowableOfType(SlamClientException.class, () -> client.status("session"));
    assertThat(refusal.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(refusal.field()).isEmpty();
  }

  @Test
  void readsPoses() {
    PoseEstimate pose = client.poseAt(FakeSlamService.SESSION_ID, 42);
    assertThat(pose.timestampNanos()).isEqualTo(42);
    assertThat(pose.worldFromCamera().tx()).isEqualTo(1.5);
    assertThat(pose.odometryFromCamera().tx()).isEqualTo(1);
    assertThat(pose.mapFromOdometry().tx()).isEqualTo(0.5);
  }

  @Test
  void assemblesAMeshFromItsChunks() {
    List<Double> progress = new ArrayList<>();
    TriangleMesh mesh =
        client.extractMesh(FakeSlamService.SESSION_ID, MeshOptions.DEFAULT, progress::add);
    assertThat(progress).containsExactly(0.5);
    assertThat(mesh.vertexCount()).isEqualTo(4);
    assertThat(mesh.positions()).containsExactly(0, 0, 2, 1, 0, 2, 0, 1, 2, 1, 1, 2);
    assertThat(mesh.faces()).containsExactly(0, 2, 1, 1, 2, 3);
    assertThat(mesh.colours()).hasSize(12);
    MeshOptions plain = new MeshOptions(0.05, Optional.empty(), false);
    assertThat(client.extractMesh(FakeSlamService.SESSION_ID, plain, progress::add).colours())
        .isNull();
  }

  @Test
  void refusesAMeshThatIsCutShort() {
    server.service().chunksLeftOut = 1;
    assertThatThrownBy(
            () -> client.extractMesh(FakeSlamService.SESSION_ID, MeshOptions.DEFAULT, p -> {}))
        .isInstanceOf(SlamClientException.class)
        .hasMessage("ExtractMesh: faces: 0 values (expected: 6 as the header said)");
  }

  @Test
  void readsARenderedView() {
    RenderedImage image =
        client.renderView(FakeSlamService.SESSION_ID, SE3.IDENTITY, Optional.of(CAMERA));
    assertThat(image.width()).isEqualTo(64);
    assertThat(image.depthMetres()).hasSize(64 * 48).containsOnly(FakeSlamService.WALL_METRES);
  }

  @Test
  void refusesATargetWithoutPort() {
    assertThatThrownBy(() -> SlamClient.connect("localhost", ConnectionSecurity.NONE))
        .hasMessage("server: 'localhost' (expected: host:port, as in localhost:7400)");
  }
}
