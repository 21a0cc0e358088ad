package io.roomfield.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlyFileTest {
  private static final String ASCII_QUAD =
      """
      ply
      format ascii 1.0
      comment a unit square, one corner per line
      element vertex 4
      property double x
      property double y
      property double z
      property uchar red
      property uchar green
      property uchar blue
      property uchar alpha
      element face 1
      property list uchar int vertex_index
      property int group
      end_header
      0 0 0 255 0 0 9
      1 0 0 0 255 0 9
      1 1 0.5 0 0 255 9
      0 1 0 1 2 200 9
      4 0 1 2 3 77
      """;

  @TempDir Path folder;

  @Test
  void writtenMeshReadsBack() throws IOException {
    TriangleMesh mesh = randomMesh(true, true);
    TriangleMesh back = writeAndRead(mesh);
    assertThat(back.positions()).containsExactly(mesh.positions());
    assertThat(back.normals()).containsExactly(mesh.normals());
    assertThat(back.colours()).containsExactly(mesh.colours());
    assertThat(back.faces()).containsExactly(mesh.faces());
  }

  @Test
  void normalsAndColoursAreOptional() throws IOException {
    TriangleMesh bare = writeAndRead(randomMesh(false, false));
    assertThat(bare.normals()).isNull();
    assertThat(bare.colours()).isNull();
    TriangleMesh coloured = writeAndRead(randomMesh(false, true));
    assertThat(coloured.normals()).isNull();
    assertThat(coloured.colours()).isNotNull();
    TriangleMesh empty =
        writeAndRead(new TriangleMesh(new float[0], new float[0], null, new int[0]));
    assertThat(empty.vertexCount()).isZero();
    assertThat(empty.faceCount()).isZero();
  }

  @Test
  void asciiQuadBecomesTwoTriangles() throws IOException {
    TriangleMesh mesh = readText(ASCII_QUAD);
    assertThat(mesh.faces()).containsExactly(0, 1, 2, 0, 2, 3);
    assertThat(mesh.positions()).containsExactly(0, 0, 0, 1, 0, 0, 1, 1, 0.5f, 0, 1, 0);
    assertThat(mesh.colours())
        .containsExactly(-1, 0, 0, 0, -1, 0, 0, 0, -1, 1, 2, (byte) 200); // -1 is 255
    assertThat(mesh.normals()).isNull();
  }

  @Test
  void asciiWithoutLastLineEndIsComplete() throws IOException {
    assertThat(readText(ASCII_QUAD.strip()).faceCount()).isEqualTo(2);
    String points =
        """
        ply
        format ascii 1.0
        element vertex 1
        property float x
        property float y
        property float z
        end_header
        1 2 3""";
    assertThat(readText(points).positions()).containsExactly(1, 2, 3);
  }

  @Test
  void damagedTextIsRefusedWithItsRow() {
    refused(ASCII_QUAD.replace("1 1 0.5", "1 one 0.5"), "vertex 2: 'one' (expected: a number)");
    refused(ASCII_QUAD.replace("1 1 0.5", "1 NaN 0.5"), "vertex 2: y is NaN (expected: finite)");
    refused(ASCII_QUAD.replace("4 0 1 2 3", "4 0 1 2 4"), "face 0: vertex index 4.0");
    refused(ASCII_QUAD.replace("4 0 1 2 3 77", "2 0 1 77"), "face 0: 2 vertices (expected: 3");
    refused(ASCII_QUAD.replace("4 0 1 2 3 77", "4 0 1 2"), "the file ends in face 0");
    refused(ASCII_QUAD.replace("4 0 1", "-4 0 1"), "face 0: vertex_index: a list of -4.0 values");
  }

  @Test
  void damagedHeaderIsRefused() {
    refused("obj\n", "first line: 'obj' (expected: ply)");
    refused(ASCII_QUAD.replace("format ascii", "format binary_big_endian"), "second line");
    refused(ASCII_QUAD.replace("end_header", "end"), "header line: 'end'");
    refused(ASCII_QUAD.substring(0, 60), "the file ends inside its header");
    refused(ASCII_QUAD.replace("vertex 4", "vertex 400000000"), "(expected: at most the");
    refused(ASCII_QUAD.replace("vertex 4", "vertex four"), "element vertex four");
    refused(ASCII_QUAD.replace("double x", "quad x"), "number type 'quad'");
    refused(ASCII_QUAD.replace("double x", "double u"), "has not all of x, y, z");
    refused(ASCII_QUAD.replace("vertex_index", "corners"), "element face: has [corners, group]");
    refused(ASCII_QUAD.replace("element vertex", "element point"), "no element 'vertex'");
  }

  @Test
  void truncatedBinaryIsRefused() throws IOException {
    Path file = folder.resolve("cut.ply");
    PlyFile.write(file, randomMesh(true, true));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> PlyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.ply: the file ends in face 39 (expected: 40 of them)");
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> PlyFile.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void readsTheGroundTruthMeshOfTheHouse() throws IOException {
    Path file = sharedData().resolve("replica-house-living/gt_mesh.ply");
    assumeTrue(
        Files.exists(file), () -> file + " is missing: set ROOMFIELD_DATA to the clips' folder");
    TriangleMesh mesh = PlyFile.read(file);
    assertThat(mesh.vertexCount()).isEqualTo(104327);
    assertThat(mesh.faceCount()).isEqualTo(183881);
    assertThat(mesh.colours()).hasSize(3 * 104327);
    assertThat(mesh.normals()).isNull();
  }

  private static Path sharedData() {
    String configured = System.getenv("ROOMFIELD_DATA");
    return configured != null
        ? Path.of(configured)
        : Path.of(System.getProperty("roomfield.root", "."), "../shared/data").normalize();
  }

  private void refused(String text, String message) {
    assertThatThrownBy(() -> readText(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.ply: ")
        .hasMessageContaining(message);
  }

  private TriangleMesh readText(String text) throws IOException {
    Path file = folder.resolve("text.ply");
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    return PlyFile.read(file);
  }

  private TriangleMesh writeAndRead(TriangleMesh mesh) throws IOException {
    Path file = folder.resolve("mesh.ply");
    PlyFile.write(file, mesh);
    return PlyFile.read(file);
  }

  private static TriangleMesh randomMesh(boolean normals, boolean colours) {
    SplittableRandom random = new SplittableRandom(5);
    float[] positions = new float[3 * 30];
    int[] faces = new int[3 * 40];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = (float) random.nextDouble(-3, 3);
    }
    for (int i = 0; i < faces.length; i++) {
      faces[i] = random.nextInt(30);
    }
    byte[] rgb = new byte[positions.length];
    random.nextBytes(rgb);
    return new TriangleMesh(
        positions, normals ? positions.clone() : null, colours ? rgb : null, faces);
  }
}
