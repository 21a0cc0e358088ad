package io.roomfield.slam.meshing;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.Surfaces;
import org.junit.jupiter.api.Test;

class MeshBuilderTest {
  private static final double SPACING = 0.05;
  private static final Distance SPHERE = Distance.sphere(0.013, -0.02, 0.007, 0.5);

  @Test
  void chunksAreWeldedAtTheirSeams() {
    MeshBuilder whole = new MeshBuilder();
    MeshBuilder chunked = new MeshBuilder();
    add(new LatticeBox(-13, -13, -13, 27, 27, 27), whole);
    for (int x = -13; x <= -1; x += 12) {
      for (int y = -13; y <= -1; y += 12) {
        for (int z = -13; z <= -1; z += 12) {
          add(new LatticeBox(x, y, z, 15, 15, 15), chunked);
        }
      }
    }
    Surfaces.assertClosedManifold(chunked.build());
    assertThat(chunked.build().vertexCount()).isEqualTo(whole.build().vertexCount());
    assertThat(chunked.faceCount()).isEqualTo(whole.faceCount());
  }

  private static void add(LatticeBox box, MeshBuilder mesh) {
    mesh.add(MarchingCubes.march(Surfaces.lattice(SPHERE, box, SPACING), 1), box, 1);
  }
}
