package io.roomfield.slam.isosurface;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import java.util.HashMap;
import java.util.Map;

/** Lattices of distances, and measures of triangle meshes. */
public final class Surfaces {
  private Surfaces() {}

  /** A distance's negatives at a box of lattice points. */
  public static ScalarLattice lattice(Distance distance, LatticeBox box, double spacing) {
    float[] values = new float[box.pointCount()];
    for (int z = 0; z < box.sizeZ(); z++) {
      for (int y = 0; y < box.sizeY(); y++) {
        for (int x = 0; x < box.sizeX(); x++) {
          values[box.index(x, y, z)] =
              (float)
                  -distance.at(
                      (box.x() + x) * spacing, (box.y() + y) * spacing, (box.z() + z) * spacing);
        }
      }
    }
    return new ScalarLattice(box, spacing, values);
  }

  /**
   * Every edge has two faces that run along it in opposite directions, and the faces around each
   * vertex form one fan: a closed, oriented 2-manifold.
   */
  public static void assertClosedManifold(TriangleMesh mesh) {
    Map<Long, Integer> directed = new HashMap<>();
    int[] faces = mesh.faces();
    for (int i = 0; i < faces.length; i++) {
      int to = faces[i - i % 3 + (i + 1) % 3];
      assertThat(faces[i]).isNotEqualTo(to);
      // Where the edge faces[i] -> to is opposite: the third corner.
      Integer other = directed.put(edge(faces[i], to), faces[i - i % 3 + (i + 2) % 3]);
      assertThat(other).as("edge %d -> %d twice", faces[i], to).isNull();
    }
    int[] degree = new int[mesh.vertexCount()];
    int[] leaving = new int[mesh.vertexCount()];
    for (Map.Entry<Long, Integer> entry : directed.entrySet()) {
      int from = (int) (entry.getKey() >>> 32);
      int to = (int) (long) entry.getKey();
      assertThat(directed.containsKey(edge(to, from)))
          .as("edge %d -> %d has a face on its other side", from, to)
          .isTrue();
      degree[from]++;
      leaving[from] = to;
    }
    for (int vertex = 0; vertex < degree.length; vertex++) {
      assertThat(degree[vertex]).as("faces at vertex %d", vertex).isGreaterThanOrEqualTo(3);
      int turned = 0;
      int to = leaving[vertex];
      do {
        to = directed.get(edge(vertex, to));
        turned++;
      } while (to != leaving[vertex]);
      assertThat(turned).as("faces of one fan at vertex %d", vertex).isEqualTo(degree[vertex]);
    }
  }

  /** Vertices - edges + faces of a closed mesh: 2 per piece without holes. */
  public static int eulerCharacteristic(TriangleMesh mesh) {
    return mesh.vertexCount() - mesh.faceCount() * 3 / 2 + mesh.faceCount();
  }

  public static double area(TriangleMesh mesh) {
    double sum = 0;
    for (int face = 0; face < mesh.faceCount(); face++) {
      sum += 0.5 * length(normal(mesh, face));
    }
    return sum;
  }

  /** By the divergence theorem; positive where faces are counter-clockwise seen from outside. */
  public static double volume(TriangleMesh mesh) {
    double sum = 0;
    for (int face = 0; face < mesh.faceCount(); face++) {
      sum += dot(corner(mesh, face, 0), normal(mesh, face)) / 6;
    }
    return sum;
  }

  /** Twice the area times the unit normal. */
  public static double[] normal(TriangleMesh mesh, int face) {
    double[] a = corner(mesh, face, 0);
    double[] b = corner(mesh, face, 1);
    double[] c = corner(mesh, face, 2);
    double[] u = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    double[] v = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    return new double[] {
      u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    };
  }

  public static double[] vertex(float[] triples, int vertex) {
    return new double[] {triples[3 * vertex], triples[3 * vertex + 1], triples[3 * vertex + 2]};
  }

  public static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  public static double length(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double[] corner(TriangleMesh mesh, int face, int corner) {
    return vertex(mesh.positions(), mesh.faces()[3 * face + corner]);
  }

  private static long edge(int from, int to) {
    return (long) from << 32 | to;
  }
}
