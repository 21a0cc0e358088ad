package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurfaceNetsTest {
  private static final double[] MIN = {-0.6, -0.6, -0.6};
  private static final double[] MAX = {0.6, 0.6, 0.6};

  private static TriangleMesh sphere(double resolution) {
    SceneObject ball =
        new SceneObject(new Shape.Sphere(0.4), SE3.IDENTITY, p -> new Colour(0, 0, 0));
    return SurfaceNets.triangulate(new SignedDistanceScene(List.of(ball)), MIN, MAX, resolution);
  }

  @Test
  void sphereIsClosedAndFacesOutwards() {
    TriangleMesh mesh = sphere(0.025);
    Map<Long, Integer> edges = new HashMap<>();
    double volume = 0;
    for (int f = 0; f < mesh.faceCount(); f++) {
      int[] v = {mesh.faces()[3 * f], mesh.faces()[3 * f + 1], mesh.faces()[3 * f + 2]};
      for (int k = 0; k < 3; k++) {
        edges.merge((long) v[k] << 32 | v[(k + 1) % 3], 1, Integer::sum);
      }
      volume += signedVolume(mesh, v);
    }
    edges.forEach(
        (edge, count) -> {
          assertThat(count).isEqualTo(1);
          assertThat(edges).containsKey(edge << 32 | edge >>> 32);
        });
    double exact = 4.0 / 3 * Math.PI * 0.064;
    // Inscribed facets of edge h lose about (h / r)^2 / 4 of the volume: 0.1 %.
    assertThat(volume).isCloseTo(exact, within(0.005 * exact));
  }

  private static double signedVolume(TriangleMesh mesh, int[] v) {
    float[] p = mesh.positions();
    double[][] c = new double[3][];
    for (int k = 0; k < 3; k++) {
      c[k] = new double[] {p[3 * v[k]], p[3 * v[k] + 1], p[3 * v[k] + 2]};
    }
    return (c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1])
            + c[0][1] * (c[1][2] * c[2][0] - c[1][0] * c[2][2])
            + c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0]))
        / 6;
  }

  @Test
  void refusesAResolutionThatIsNone() {
    assertThatThrownBy(() -> sphere(0)).hasMessage("resolution: 0.0 m (expected: > 0)");
  }
}
