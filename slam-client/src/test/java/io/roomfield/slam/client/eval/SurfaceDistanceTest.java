package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SurfaceDistanceTest {
  @Test
  void agreesWithTheOracle() {
    for (JsonNode surface : Oracle.read().get("surfaces")) {
      SurfaceDistance distance =
          new SurfaceDistance(
              Oracle.numbers(surface.get("positions")), Oracle.integers(surface.get("faces")));
      double[] points = Oracle.numbers(surface.get("points"));
      double[] expected = Oracle.numbers(surface.get("distances"));
      for (int i = 0; i < expected.length; i++) {
        assertThat(distance.to(points[3 * i], points[3 * i + 1], points[3 * i + 2]))
            .isEqualTo(expected[i], within(Oracle.TOLERANCE));
      }
    }
  }

  @Test
  void treeFindsWhatBruteForceFinds() {
    SplittableRandom random = new SplittableRandom(8);
    double[] positions = random.doubles(3 * 400, -1, 1).toArray();
    int[] faces = random.ints(3 * 333, 0, 400).toArray(); // some with no area
    SurfaceDistance tree = new SurfaceDistance(positions, faces);
    for (int i = 0; i < 50; i++) {
      double[] p = random.doubles(3, -2, 2).toArray();
      double nearest = Double.POSITIVE_INFINITY;
      for (int f = 0; f < faces.length; f += 3) {
        if (SurfaceSampler.area(positions, faces, f) > 0) {
          int[] one = {faces[f], faces[f + 1], faces[f + 2]};
          nearest = Math.min(nearest, new SurfaceDistance(positions, one).to(p[0], p[1], p[2]));
        }
      }
      assertThat(tree.to(p[0], p[1], p[2])).isEqualTo(nearest);
    }
  }

  @Test
  void surfaceWithoutAreaIsRefused() {
    double[] line = {0, 0, 0, 1, 0, 0, 2, 0, 0};
    assertThatThrownBy(() -> new SurfaceDistance(line, new int[] {0, 1, 2}))
        .hasMessage("surface: 1 faces, none with an area (expected: one or more)");
  }
}
