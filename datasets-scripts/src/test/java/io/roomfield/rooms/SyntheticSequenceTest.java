package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SyntheticSequenceTest {
  private static final long SEED = 11;

  @Test
  void everythingFollowsFromTheSeed() {
    SyntheticSequence first = new SyntheticSequence(SEED, 40, true);
    SyntheticSequence again = new SyntheticSequence(SEED, 40, true);
    SyntheticSequence other = new SyntheticSequence(SEED + 1, 40, true);
    assertThat(again.pose(17)).isEqualTo(first.pose(17)).isNotEqualTo(other.pose(17));
    SyntheticSequence.Rendered frame = first.render(17);
    assertThat(again.render(17).rgb()).isEqualTo(frame.rgb());
    assertThat(again.render(17).depthRaw()).isEqualTo(frame.depthRaw());
    assertThat(other.render(17).rgb()).isNotEqualTo(frame.rgb());
  }

  @Test
  void cleanDepthIsTheSceneToTheRoundingOfItsUnit() {
    SyntheticSequence sequence = new SyntheticSequence(SEED, 5, false);
    SE3 pose = sequence.pose(4);
    PinholeCamera camera = sequence.camera();
    short[] raw = sequence.render(4).depthRaw();
    for (int i = 0; i < raw.length; i += 101) {
      double z = (raw[i] & 0xFFFF) / sequence.depthScale();
      double x = (i % camera.width() - camera.cx()) / camera.fx() * z;
      double y = (Math.floorDiv(i, camera.width()) - camera.cy()) / camera.fy() * z;
      double[] p = pose.apply(x, y, z);
      assertThat(z).isPositive();
      // Half a unit along the axis is at most 0.5 mm times 1.27 along the image's corner ray.
      assertThat(sequence.room().scene().distance(p[0], p[1], p[2])).isCloseTo(0, within(7e-4));
    }
  }

  @Test
  void noiseLeavesMostReadingsNearTheTruth() {
    short[] clean = new SyntheticSequence(SEED, 1, false).render(0).depthRaw();
    short[] noisy = new SyntheticSequence(SEED, 1, true).render(0).depthRaw();
    int read = 0;
    int near = 0;
    for (int i = 0; i < clean.length; i++) {
      double z = (clean[i] & 0xFFFF) / 1000.0;
      read += noisy[i] != 0 ? 1 : 0;
      near += Math.abs((noisy[i] & 0xFFFF) / 1000.0 - z) < 0.01 + 0.01 * z * z ? 1 : 0;
    }
    assertThat(noisy).isNotEqualTo(clean);
    assertThat((double) read / clean.length).isBetween(0.7, 0.99);
    assertThat((double) near / read).isGreaterThan(0.97);
  }

  @Test
  void thirtyFramesASecond() {
    SyntheticSequence sequence = new SyntheticSequence(SEED, 31, false);
    assertThat(sequence.frameCount()).isEqualTo(31);
    assertThat(sequence.timestampNanos(0)).isZero();
    assertThat(sequence.timestampNanos(1)).isEqualTo(33_333_333);
    assertThat(sequence.timestampNanos(30)).isEqualTo(1_000_000_000);
    assertThatThrownBy(() -> sequence.pose(31)).hasMessage("frame: 31 (expected: 0 to 30)");
    assertThatThrownBy(() -> new SyntheticSequence(SEED, 0, false))
        .hasMessage("frames: 0 (expected: > 0)");
  }

  @Test
  void rawDepthIsLittleEndian() {
    short[] depth = {1, 0x1234, (short) 0xFFFE};
    byte[] bytes = new SyntheticSequence.Rendered(new byte[0], depth).depthLittleEndian();
    short[] back = new short[depth.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(back);
    assertThat(bytes).startsWith(1, 0, 0x34, 0x12);
    assertThat(back).isEqualTo(depth);
  }

  @Test
  void groundTruthMeshLiesOnTheSurfaceThatIsSeen() {
    SyntheticSequence sequence = new SyntheticSequence(SEED, 21, false);
    TriangleMesh mesh = sequence.groundTruthMesh(0.04);
    SignedDistanceScene scene = sequence.room().scene();
    assertThat(mesh.faceCount()).isGreaterThan(5000);
    int onSurface = 0;
    for (int v = 0; v < mesh.vertexCount(); v++) {
      float[] p = mesh.positions();
      double d = scene.distance(p[3 * v], p[3 * v + 1], p[3 * v + 2]);
      onSurface += Math.abs(d) < 1e-4 ? 1 : 0;
    }
    assertThat(onSurface).isEqualTo(mesh.vertexCount());
    assertThat(facesAlongNormals(mesh)).isGreaterThan(0.98); // faces over edges may not
    assertThat(verticesInImages(sequence, mesh)).isEqualTo(mesh.vertexCount());
  }

  private static double facesAlongNormals(TriangleMesh mesh) {
    float[] p = mesh.positions();
    float[] n = mesh.normals();
    int along = 0;
    for (int f = 0; f < mesh.faceCount(); f++) {
      int a = 3 * mesh.faces()[3 * f];
      int b = 3 * mesh.faces()[3 * f + 1];
      int c = 3 * mesh.faces()[3 * f + 2];
      double dot = 0;
      for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3;
        int j = (k + 2) % 3;
        double cross =
            (double) (p[b + i] - p[a + i]) * (p[c + j] - p[a + j])
                - (double) (p[b + j] - p[a + j]) * (p[c + i] - p[a + i]);
        dot += cross * (n[a + k] + n[b + k] + n[c + k]);
      }
      along += dot >= 0 ? 1 : 0;
    }
    return (double) along / mesh.faceCount();
  }

  private static int verticesInImages(SyntheticSequence sequence, TriangleMesh mesh) {
    PinholeCamera camera = sequence.camera();
    float[] p = mesh.positions();
    int inside = 0;
    for (int v = 0; v < mesh.vertexCount(); v++) {
      boolean seen = false;
      for (int frame = 0; frame < sequence.frameCount(); frame += 10) {
        double[] c = sequence.pose(frame).inverse().apply(p[3 * v], p[3 * v + 1], p[3 * v + 2]);
        double x = camera.fx() * c[0] / c[2] + camera.cx();
        double y = camera.fy() * c[1] / c[2] + camera.cy();
        seen |= c[2] > 0 && x >= 0 && x < camera.width() && y >= 0 && y < camera.height();
      }
      inside += seen ? 1 : 0;
    }
    return inside;
  }
}
