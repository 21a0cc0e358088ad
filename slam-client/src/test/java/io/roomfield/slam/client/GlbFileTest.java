package io.roomfield.slam.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.javagl.jgltf.model.AccessorFloatData;
import de.javagl.jgltf.model.AccessorIntData;
import de.javagl.jgltf.model.AccessorModel;
import de.javagl.jgltf.model.AccessorShortData;
import de.javagl.jgltf.model.GltfModel;
import de.javagl.jgltf.model.MeshPrimitiveModel;
import de.javagl.jgltf.model.NodeModel;
import de.javagl.jgltf.model.io.GltfModelReader;
import io.roomfield.geometry.TriangleMesh;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlbFileTest {
  private static final TriangleMesh TRIANGLE =
      new TriangleMesh(
          new float[] {0, 0, 1, 2, 0, 1, 0, 3, 1},
          new float[] {0, 0, -1, 0, 0, -1, 0, 0, -1},
          new byte[] {-1, 0, 0, 0, (byte) 188, 0, 0, 0, 3},
          new int[] {0, 2, 1});

  @TempDir Path folder;

  @Test
  void writtenMeshReadsBack() throws IOException {
    MeshPrimitiveModel primitive = primitive(writeAndRead(TRIANGLE));
    assertThat(floats(primitive.getAttributes().get("POSITION")))
        .containsExactly(TRIANGLE.positions());
    assertThat(floats(primitive.getAttributes().get("NORMAL"))).containsExactly(TRIANGLE.normals());
    AccessorIntData indices = (AccessorIntData) primitive.getIndices().getAccessorData();
    assertThat(new int[] {indices.get(0), indices.get(1), indices.get(2)})
        .containsExactly(TRIANGLE.faces());
  }

  @Test
  void nodeTurnsDownIntoUp() throws IOException {
    NodeModel node = writeAndRead(TRIANGLE).getSceneModels().getFirst().getNodeModels().getFirst();
    float[] m = node.computeGlobalTransform(new float[16]); // column by column
    // (x, y, z) becomes (x, -y, -z); a rotation by 180 degrees is exact in float
    assertThat(m).containsExactly(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1);
  }

  @Test
  void coloursAreLinear() throws IOException {
    AccessorModel colours = primitive(writeAndRead(TRIANGLE)).getAttributes().get("COLOR_0");
    AccessorShortData data = (AccessorShortData) colours.getAccessorData();
    assertThat(colours.isNormalized()).isTrue();
    assertThat(data.getInt(0, 0)).isEqualTo(65535);
    assertThat(data.getInt(0, 1)).isZero();
    assertThat(data.getInt(0, 3)).isEqualTo(65535);
    // sRGB 188 is linear 0.5029 by IEC 61966-2-1 (published tables to four digits)
    assertThat(data.getInt(1, 1) / 65535.0).isEqualTo(0.5029, within(5e-5));
    assertThat(data.getInt(2, 2) / 65535.0).isEqualTo(3 / 255.0 / 12.92, within(1e-5)); // 1/65535
  }

  @Test
  void bareAndEmptyMeshesAreWritten() throws IOException {
    TriangleMesh bare = new TriangleMesh(TRIANGLE.positions(), null, null, TRIANGLE.faces());
    assertThat(primitive(writeAndRead(bare)).getAttributes()).containsOnlyKeys("POSITION");
    TriangleMesh empty = new TriangleMesh(new float[0], null, null, new int[0]);
    assertThat(writeAndRead(empty).getMeshModels()).isEmpty();
  }

  private GltfModel writeAndRead(TriangleMesh mesh) throws IOException {
    Path file = folder.resolve("mesh.glb");
    GlbFile.write(file, mesh);
    return new GltfModelReader().read(file.toUri());
  }

  private static MeshPrimitiveModel primitive(GltfModel model) {
    return model.getMeshModels().getFirst().getMeshPrimitiveModels().getFirst();
  }

  private static float[] floats(AccessorModel accessor) {
    AccessorFloatData data = (AccessorFloatData) accessor.getAccessorData();
    float[] values = new float[3 * data.getNumElements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i / 3, i % 3);
    }
    return values;
  }
}
