package io.roomfield.slam.isosurface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MarchingCubesTest {
  private static final double SPACING = 0.05;
  private static final Distance SPHERE = Distance.sphere(0.013, -0.02, 0.007, 0.5);
  private static final double[] SPHERE_CENTRE = {0.013, -0.02, 0.007};

  @Test
  void sphereIsClosedAndOfTheRightSize() {
    TriangleMesh mesh = march(SPHERE, new LatticeBox(-12, -12, -12, 25, 25, 25), 0);
    Surfaces.assertClosedManifold(mesh);
    assertThat(Surfaces.eulerCharacteristic(mesh)).isEqualTo(2);
    // Chords of up to sqrt(2) h lie L^2 / (12 r) below the sphere in the mean, and vertices up to
    // h^2 / (8 r), both times 3 / r: 0.9 % of the volume at most, and less of the area.
    double area = 4 * Math.PI * 0.25;
    double volume = 4.0 / 3 * Math.PI * 0.125;
    assertThat(Surfaces.area(mesh)).isCloseTo(area, within(0.009 * area));
    assertThat(Surfaces.volume(mesh)).isCloseTo(volume, within(0.009 * volume));
  }

  @Test
  void facesAndNormalsPointOutwards() {
    TriangleMesh mesh = march(SPHERE, new LatticeBox(-12, -12, -12, 25, 25, 25), 0);
    for (int face = 0; face < mesh.faceCount(); face++) {
      double[] normal = Surfaces.normal(mesh, face);
      // Slivers at lattice points that nearly touch the surface have no stable normal.
      if (Surfaces.length(normal) > 1e-3 * SPACING * SPACING) {
        double[] radial = radial(mesh, mesh.faces()[3 * face]);
        assertThat(Surfaces.dot(normal, radial)).isPositive();
      }
    }
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      double[] radial = radial(mesh, vertex);
      // Linear interpolation of a distance along an edge: off by at most h^2 / (8 r).
      assertThat(Surfaces.length(radial)).isCloseTo(0.5, within(SPACING * SPACING / 4));
      double[] normal = Surfaces.vertex(mesh.normals(), vertex);
      assertThat(Surfaces.length(normal)).isCloseTo(1, within(1e-6)); // float32
      // Central differences of a distance: direction off by the order of (h / r)^2 / 6.
      assertThat(Surfaces.dot(normal, radial) / Surfaces.length(radial)).isGreaterThan(0.9999);
    }
  }

  @Test
  void boxIsClosedAndOfTheRightSize() {
    double[] half = {0.33, 0.22, 0.41};
    Distance box =
        (x, y, z) ->
            Math.max(Math.abs(x) - half[0], Math.max(Math.abs(y) - half[1], Math.abs(z) - half[2]));
    TriangleMesh mesh = march(box, new LatticeBox(-12, -12, -12, 25, 25, 25), 0);
    Surfaces.assertClosedManifold(mesh);
    assertThat(Surfaces.eulerCharacteristic(mesh)).isEqualTo(2);
    // Faces are exact; the 12 edges of total length 7.68 m are bevelled inside one cell, which
    // removes at most half a cell's square of volume and (2 - sqrt 2) cells of area along them.
    double volume = 8 * half[0] * half[1] * half[2];
    double area = 8 * (half[0] * half[1] + half[1] * half[2] + half[0] * half[2]);
    assertThat(Surfaces.volume(mesh)).isBetween(volume - 7.68 * SPACING * SPACING / 2, volume);
    assertThat(Surfaces.area(mesh)).isBetween(area - 7.68 * SPACING * 0.59, area);
  }

  @Test
  void noiseWithEveryCaseAndAmbiguityIsClosed() {
    LatticeBox box = new LatticeBox(0, 0, 0, 24, 24, 24);
    float[] values = new float[box.pointCount()];
    SplittableRandom random = new SplittableRandom(5);
    for (int z = 1; z < 23; z++) {
      for (int y = 1; y < 23; y++) {
        for (int x = 1; x < 23; x++) {
          values[box.index(x, y, z)] = random.nextFloat() - 0.5f;
        }
      }
    }
    TriangleMesh mesh = mesh(MarchingCubes.march(new ScalarLattice(box, SPACING, values), 0));
    assertThat(mesh.faceCount()).isGreaterThan(20_000);
    Surfaces.assertClosedManifold(mesh);
  }

  @Test
  void cellsWithAnUnknownCornerHaveNoTriangles() {
    Distance halfKnown = (x, y, z) -> z > 0 ? Double.NaN : SPHERE.at(x, y, z);
    TriangleMesh mesh = march(halfKnown, new LatticeBox(-12, -12, -12, 25, 25, 25), 0);
    assertThat(mesh.faceCount()).isPositive();
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      assertThat(mesh.positions()[3 * vertex + 2]).isNotPositive();
      assertThat(Surfaces.length(Surfaces.vertex(mesh.normals(), vertex)))
          .isCloseTo(1, within(1e-6)); // float32; one-sided differences beside the unknown
    }
  }

  @Test
  void aPlateauStillHasANormal() {
    // Inside exactly one point, symmetric: central differences there are 0 along every axis.
    LatticeBox box = new LatticeBox(0, 0, 0, 3, 3, 3);
    float[] values = new float[27];
    values[13] = 1;
    TriangleMesh mesh = mesh(MarchingCubes.march(new ScalarLattice(box, 1, values), 0));
    Surfaces.assertClosedManifold(mesh);
    assertThat(mesh.vertexCount()).isEqualTo(6);
    for (int vertex = 0; vertex < 6; vertex++) {
      assertThat(Surfaces.length(Surfaces.vertex(mesh.normals(), vertex))).isEqualTo(1);
    }
  }

  @Test
  void whereDifferencesCancelTheEdgeIsTheNormal() {
    // Stripes across x: a central difference spans two points of the same value.
    LatticeBox box = new LatticeBox(0, 0, 0, 6, 4, 4);
    float[] values = new float[box.pointCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = box.offset(i, 0) % 2 == 0 ? -1 : 1;
    }
    LatticeSurface surface = MarchingCubes.march(new ScalarLattice(box, 1, values), 1);
    assertThat(surface.vertexCount()).isEqualTo(12);
    for (int vertex = 0; vertex < surface.vertexCount(); vertex++) {
      float outwards = box.offset(surface.edges()[vertex] / 3, 0) % 2 == 0 ? -1 : 1;
      assertThat(Surfaces.vertex(surface.normals(), vertex)).containsExactly(outwards, 0, 0);
    }
  }

  private static double[] radial(TriangleMesh mesh, int vertex) {
    double[] p = Surfaces.vertex(mesh.positions(), vertex);
    return new double[] {p[0] - SPHERE_CENTRE[0], p[1] - SPHERE_CENTRE[1], p[2] - SPHERE_CENTRE[2]};
  }

  private static TriangleMesh march(Distance distance, LatticeBox box, int border) {
    return mesh(MarchingCubes.march(Surfaces.lattice(distance, box, SPACING), border));
  }

  private static TriangleMesh mesh(LatticeSurface surface) {
    return new TriangleMesh(surface.positions(), surface.normals(), null, surface.faces());
  }
}
