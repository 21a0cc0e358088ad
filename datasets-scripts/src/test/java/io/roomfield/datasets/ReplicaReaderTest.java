package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.TriangleMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaReaderTest {
  private static final String CAMERA =
      """
      {"camera": {"w": 64, "h": 48, "fx": 50.0, "fy": 51.0, "cx": 31.5, "cy": 23.5, "scale": 6553.5}}
      """;

  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void writeSequence() {
    folder = parent.resolve("room0");
    for (int i = 0; i < 2; i++) {
      ImageFixtures.colour(
          folder.resolve("results/frame%06d.jpg".formatted(i)),
          ImageFixtures.WIDTH,
          ImageFixtures.HEIGHT,
          0x808080);
      ImageFixtures.depth(folder.resolve("results/depth%06d.png".formatted(i)), 1000);
    }
    ImageFixtures.text(folder.resolve("cam_params.json"), CAMERA);
    ImageFixtures.text(
        folder.resolve("traj.txt"),
        "1 0 0 0.5 0 1 0 0 0 0 1 0 0 0 0 1\n1 0 0 0.25 0 1 0 0 0 0 1 0 0 0 0 1\n");
  }

  @Test
  void readsCameraPosesAndFrames() throws IOException {
    RgbdDataset dataset = ReplicaReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.name()).isEqualTo("room0");
    assertThat(dataset.depthScale()).isEqualTo(6553.5);
    assertThat(dataset.camera().fy()).isEqualTo(51);
    assertThat(dataset.frames())
        .extracting(frame -> frame.worldFromCamera().orElseThrow().tx())
        .containsExactly(0.5, 0.25);
    assertThat(dataset.groundTruthMesh()).isEmpty();
  }

  @Test
  void findsCameraAndMeshBesideTheFolderToo() throws IOException {
    Files.move(folder.resolve("cam_params.json"), parent.resolve("cam_params.json"));
    TriangleMesh mesh =
        new TriangleMesh(new float[] {0, 0, 0, 1, 0, 0, 0, 1, 0}, null, null, new int[] {0, 1, 2});
    PlyFile.write(parent.resolve("room0_mesh.ply"), mesh);
    RgbdDataset dataset = ReplicaReader.read(folder, PartialCalibration.NONE);
    assertThat(dataset.groundTruthMesh().orElseThrow().load().vertexCount()).isEqualTo(3);
  }

  @Test
  void saysWhichFileIsMissingOrWrong() throws IOException {
    ImageFixtures.text(folder.resolve("traj.txt"), "1 0 0 0\n");
    assertThatThrownBy(() -> ReplicaReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("traj.txt: line of frame 0: 4 numbers (expected: 16)");
    ImageFixtures.text(folder.resolve("cam_params.json"), CAMERA.replace("50.0", "\"wide\""));
    assertThatThrownBy(() -> ReplicaReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("camera.fx: \"wide\" (expected: a number)");
    ImageFixtures.text(folder.resolve("cam_params.json"), "{");
    assertThatThrownBy(() -> ReplicaReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("cam_params.json: not JSON");
    Files.delete(folder.resolve("cam_params.json"));
    assertThatThrownBy(() -> ReplicaReader.read(folder, PartialCalibration.NONE))
        .hasMessageContaining("cam_params.json, or the options");
    Files.delete(folder.resolve("traj.txt"));
    Files.delete(folder.resolve("results/frame000001.jpg"));
    PartialCalibration options = new PartialCalibration(50.0, 50.0, 31.5, 23.5, 1000.0);
    assertThatThrownBy(() -> ReplicaReader.read(folder, options))
        .hasMessageContaining("depth000001.png: has no frameN.jpg with the same number");
  }
}
