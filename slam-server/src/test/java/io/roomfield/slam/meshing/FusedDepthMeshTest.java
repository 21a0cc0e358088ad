package io.roomfield.slam.meshing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.fusion.FusedScenes;
import io.roomfield.slam.isosurface.Surfaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusedDepthMeshTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(640, 480, 525, 525, 319.5, 239.5);
  private static final double RADIUS = 0.5;
  private static final double[] CENTRE = {0.013, -0.02, 0.007};
  private static final Distance SPHERE = Distance.sphere(CENTRE[0], CENTRE[1], CENTRE[2], RADIUS);
  private static final double MILLIMETRE = 0.001;

  @Test
  void aSphereSeenFromAllSidesIsWatertight() {
    TriangleMesh mesh = withoutWalls(FusedDepthMesh.extract(fused(eyes(false))));
    Surfaces.assertClosedManifold(mesh);
    assertThat(Surfaces.eulerCharacteristic(mesh)).isEqualTo(2);
    double sum = 0;
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      // Points lie at the rims of views, where what is behind the near side along a ray is free
      // space beyond the far side: projective readings are wrong there by up to the truncation. Ten
      // other views leave a third of a voxel of it.
      assertThat(radius(mesh, vertex)).isCloseTo(RADIUS, within(13 * MILLIMETRE));
      assertThat(outwards(mesh, vertex)).isGreaterThan(0.9);
      sum += radius(mesh, vertex) / mesh.vertexCount();
    }
    assertThat(sum).isCloseTo(RADIUS, within(2 * MILLIMETRE));
  }

  @Test
  void aSphereSeenFromOneSideIsExactInFront() {
    TriangleMesh mesh = withoutWalls(FusedDepthMesh.extract(fused(eyes(true))));
    int front = 0;
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      double z = mesh.positions()[3 * vertex + 2];
      // Seen up to the tangent cone at z = -0.17, and a truncation and a voxel behind it.
      assertThat(z).isLessThan(0.05);
      if (z < -0.4) {
        front++;
        // Half a pixel's diagonal, 1.6 mm at 1.1 m, times a slope of 0.75 at a cosine of 0.8: 1 mm.
        // A chord of h^2 / 8 r along the optical axis, over the cosine's square: 0.6 mm.
        assertThat(radius(mesh, vertex)).isCloseTo(RADIUS, within(2 * MILLIMETRE));
        assertThat(outwards(mesh, vertex)).isGreaterThan(0.98);
      }
    }
    assertThat(front).isGreaterThan(200);
  }

  /** The part within a metre of the origin; the walls behind the views are farther away. */
  private static TriangleMesh withoutWalls(TriangleMesh mesh) {
    int[] number = new int[mesh.vertexCount()];
    float[] positions = new float[mesh.positions().length];
    float[] normals = new float[mesh.positions().length];
    int kept = 0;
    for (int vertex = 0; vertex < number.length; vertex++) {
      number[vertex] = radius(mesh, vertex) < 1 ? kept++ : -1;
      if (number[vertex] >= 0) {
        System.arraycopy(mesh.positions(), 3 * vertex, positions, 3 * number[vertex], 3);
        System.arraycopy(mesh.normals(), 3 * vertex, normals, 3 * number[vertex], 3);
      }
    }
    return new TriangleMesh(
        Arrays.copyOf(positions, 3 * kept),
        Arrays.copyOf(normals, 3 * kept),
        null,
        Arrays.stream(mesh.faces()).map(v -> number[v]).filter(v -> v >= 0).toArray());
  }

  /** Corners of a cube and centres of its faces, or one of these. */
  private static double[][] eyes(boolean one) {
    List<double[]> eyes = new ArrayList<>();
    double d = 1.5;
    eyes.add(new double[] {0, 0, -d});
    if (!one) {
      eyes.addAll(
          List.of(
              new double[] {0, 0, d},
              new double[] {0, d, 0},
              new double[] {0, -d, 0},
              new double[] {d, 0, 0},
              new double[] {-d, 0, 0}));
      for (int corner = 0; corner < 8; corner++) {
        double edge = d / Math.sqrt(3);
        eyes.add(
            new double[] {
              edge * ((corner & 1) * 2 - 1),
              edge * ((corner >> 1 & 1) * 2 - 1),
              edge * ((corner >> 2) * 2 - 1)
            });
      }
    }
    return eyes.toArray(new double[0][]);
  }

  private static FusedDepth fused(double[][] eyes) {
    FusedDepth map = FusedDepth.beside(0.08);
    try (ComputeBackend backend = ComputeBackends.open("vector", 2)) {
      FusedScenes.fuse(new DepthFusion(map, backend), SPHERE, CAMERA, eyes);
    }
    return map;
  }

  private static double[] fromCentre(TriangleMesh mesh, int vertex) {
    double[] p = Surfaces.vertex(mesh.positions(), vertex);
    return new double[] {p[0] - CENTRE[0], p[1] - CENTRE[1], p[2] - CENTRE[2]};
  }

  private static double radius(TriangleMesh mesh, int vertex) {
    return Surfaces.length(fromCentre(mesh, vertex));
  }

  /** Cosine between a vertex's normal and the way from the centre. */
  private static double outwards(TriangleMesh mesh, int vertex) {
    double[] radial = fromCentre(mesh, vertex);
    double[] normal = Surfaces.vertex(mesh.normals(), vertex);
    return Surfaces.dot(normal, radial) / Surfaces.length(radial);
  }

  @Test
  void exactDistancesMakeTheSphere() {
    TriangleMesh mesh = FusedDepthMesh.extract(FusedScenes.exact(SPHERE, 0.04, 0.16));
    Surfaces.assertClosedManifold(mesh);
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      // Linear interpolation of a distance along an edge: h^2 / 8 r = 0.4 mm.
      assertThat(radius(mesh, vertex)).isCloseTo(RADIUS, within(0.5 * MILLIMETRE));
    }
  }

  @Test
  void anEmptyMapIsAnEmptyMesh() {
    assertThat(FusedDepthMesh.extract(new FusedDepth(0.04, 0.16)).faceCount()).isZero();
  }

  @Test
  void aMapTooFarAwayIsRefused() {
    FusedDepth map = new FusedDepth(0.04, 0.16);
    map.allocate(0, 40_000, 0);
    assertThatThrownBy(() -> FusedDepthMesh.extract(map))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fused depth: a block at (0, 40000, 0) (expected: within +- 32767)");
  }
}
