package io.roomfield.slam.meshing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticDepth;
import io.roomfield.slam.compute.AnalyticMaps;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.isosurface.Surfaces;
import io.roomfield.slam.mapping.Keyframe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class MeshExtractorTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 90, 90, 79.5, 59.5);
  private static final float WALL = 3;
  private static final double RADIUS = 0.4;
  private static final double RESOLUTION = 0.02;
  private static final Distance SPHERE = Distance.sphere(0, 0, 0, RADIUS);
  private static final MeshRequest REQUEST = new MeshRequest(RESOLUTION, null, null, false);

  @Test
  void sphereSeenFromAllSidesIsWhole() {
    RecordingBackend backend = new RecordingBackend(SPHERE);
    List<Double> progress = new ArrayList<>();
    TriangleMesh mesh =
        new MeshExtractor(backend)
            .extract(
                AnalyticMaps.aroundOrigin(), CAMERA, fromAllSides(SPHERE), REQUEST, progress::add);

    Surfaces.assertClosedManifold(mesh);
    assertThat(Surfaces.eulerCharacteristic(mesh)).isEqualTo(2);
    // As in MarchingCubesTest: (h^2 / 2 + 3 h^2 / 8) / r^2 = 0.22 % at most.
    double volume = 4.0 / 3 * Math.PI * Math.pow(RADIUS, 3);
    assertThat(Surfaces.volume(mesh)).isCloseTo(volume, within(0.0022 * volume));
    assertThat(mesh.colours()).isNull();
    assertThat(progress).isSorted().last().isEqualTo(1.0);
    // 0.1 m along the optical axis, plus what a pixel's footprint adds where the sphere curves
    // away.
    assertThat(backend.farthestEvaluated).isLessThan(0.13);
  }

  @Test
  void whatNoKeyframeSeesIsLeftOut() {
    List<Keyframe> onlyFront = List.of(keyframe(0, SPHERE, 0, 0, -1.5));
    TriangleMesh mesh = extract(SPHERE, onlyFront, REQUEST);
    // Seen: the cap in front of the tangent cone, at z < -r^2 / distance; a face whose centre is
    // just inside reaches up to a cell further, and its normals turn by up to a cell / r.
    assertThat(mesh.faceCount()).isPositive();
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      assertThat(mesh.positions()[3 * vertex + 2])
          .isLessThan((float) (-RADIUS * RADIUS / 1.5 + 2 * RESOLUTION));
    }
    double cap = 2 * Math.PI * RADIUS * (RADIUS - RADIUS * RADIUS / 1.5);
    // Along the rim, up to two cells are missing (a pixel there is nearly as wide as a cell, and
    // where it sees past the sphere its word is "free"), or one too many.
    double rimCell = 2 * Math.PI * 0.385 * RESOLUTION;
    assertThat(Surfaces.area(mesh)).isBetween(cap - 2 * rimCell, cap + rimCell);
  }

  @Test
  void theFarSideOfAShellIsNotSurface() {
    // Occupied only to 5 cm behind the surface: within the margin, but facing away from the camera.
    Distance shell = (x, y, z) -> Math.abs(SPHERE.at(x, y, z) + 0.025) - 0.025;
    TriangleMesh mesh = extract(shell, fromAllSides(SPHERE), REQUEST);
    for (int vertex = 0; vertex < mesh.vertexCount(); vertex++) {
      assertThat(Surfaces.length(Surfaces.vertex(mesh.positions(), vertex)))
          .isCloseTo(RADIUS, within(0.001)); // h^2 / (8 r) and less: the inner side is 5 cm off
    }
  }

  @Test
  void smallPiecesAreDropped() {
    Distance crumb = SPHERE.or(Distance.sphere(0.5, 0.5, 0, 0.09));
    TriangleMesh without = extract(crumb, fromAllSides(crumb), REQUEST);
    Surfaces.assertClosedManifold(without);
    assertThat(Surfaces.eulerCharacteristic(without)).isEqualTo(2);

    Distance stone = SPHERE.or(Distance.sphere(0.5, 0.5, 0, 0.11));
    TriangleMesh with = extract(stone, fromAllSides(stone), REQUEST);
    assertThat(with.vertexCount()).isGreaterThan(without.vertexCount() + 100);
  }

  @Test
  void aBoxCutsTheMeshAndKeepsItsPieces() {
    double[] min = {0.35, -0.05, -0.05};
    double[] max = {0.45, 0.05, 0.05};
    MeshRequest box = new MeshRequest(RESOLUTION, min, max, false);
    TriangleMesh mesh = extract(SPHERE, fromAllSides(SPHERE), box);
    assertThat(mesh.faceCount()).isPositive();
    for (int i = 0; i < mesh.positions().length; i++) {
      assertThat((double) mesh.positions()[i])
          .isBetween(min[i % 3] - RESOLUTION, max[i % 3] + RESOLUTION);
    }
    // The patch is nearly flat: 0.1 m square, widened by up to a cell on each side.
    assertThat(Surfaces.area(mesh)).isBetween(0.1 * 0.1, 0.145 * 0.145);
  }

  @Test
  void verticesTakeTheFieldsColours() {
    MeshRequest coloured = new MeshRequest(0.04, null, null, true);
    TriangleMesh mesh = extract(SPHERE, fromAllSides(SPHERE), coloured);
    assertThat(mesh.colours()).hasSameSizeAs(mesh.positions());
    for (int i = 0; i < mesh.positions().length; i++) {
      float expected = 255 * AnalyticBackend.colour(mesh.positions()[i]);
      assertThat((float) (mesh.colours()[i] & 0xff)).isCloseTo(expected, within(0.51f)); // rounding
    }
  }

  @Test
  void anInterruptedThreadIsCancelledAtOnce() {
    int[] calls = {0};
    AnalyticBackend interrupting =
        new AnalyticBackend(SPHERE) {
          @Override
          public void evaluate(
              SceneField field, FieldStage stage, float[] points, int n, float[] l, float[] c) {
            super.evaluate(field, stage, points, n, l, c);
            calls[0]++;
            Thread.currentThread().interrupt();
          }
        };
    try {
      assertThatThrownBy(
              () ->
                  new MeshExtractor(interrupting)
                      .extract(
                          AnalyticMaps.aroundOrigin(),
                          CAMERA,
                          fromAllSides(SPHERE),
                          REQUEST,
                          MeshExtractorTest::ignore))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void anEmptyMapIsRefused() {
    MeshExtractor extractor = new MeshExtractor(new AnalyticBackend(SPHERE));
    assertThatThrownBy(
            () ->
                extractor.extract(
                    AnalyticMaps.empty(),
                    CAMERA,
                    fromAllSides(SPHERE),
                    REQUEST,
                    MeshExtractorTest::ignore))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("map version 1: 0 blocks, 6 keyframes");
    assertThatThrownBy(
            () ->
                extractor.extract(
                    AnalyticMaps.aroundOrigin(),
                    CAMERA,
                    List.of(),
                    REQUEST,
                    MeshExtractorTest::ignore))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0 keyframes");
  }

  @Test
  void aMapThatIsNotFiniteIsRefused() {
    assertThatThrownBy(() -> extract((x, y, z) -> Double.NaN, fromAllSides(SPHERE), REQUEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("logit NaN at (");
  }

  @Test
  void anImageOfAnotherSizeIsRefused() {
    PinholeCamera other = new PinholeCamera(64, 48, 60, 60, 31.5, 23.5);
    assertThatThrownBy(
            () ->
                new MeshExtractor(new AnalyticBackend(SPHERE))
                    .extract(
                        AnalyticMaps.aroundOrigin(),
                        other,
                        fromAllSides(SPHERE),
                        REQUEST,
                        MeshExtractorTest::ignore))
        .hasMessageContaining("keyframe 0: depth image is 160x120 (expected: 64x48");
  }

  private static TriangleMesh extract(
      Distance field, List<Keyframe> keyframes, MeshRequest request) {
    return new MeshExtractor(new AnalyticBackend(field))
        .extract(
            AnalyticMaps.aroundOrigin(), CAMERA, keyframes, request, MeshExtractorTest::ignore);
  }

  private static void ignore(double progress) {}

  private static List<Keyframe> fromAllSides(Distance scene) {
    double d = 1.5;
    double[][] eyes = {{d, 0, 0}, {-d, 0, 0}, {0, d, 0}, {0, -d, 0}, {0, 0, d}, {0, 0, -d}};
    List<Keyframe> keyframes = new ArrayList<>();
    for (double[] eye : eyes) {
      keyframes.add(keyframe(keyframes.size(), scene, eye[0], eye[1], eye[2]));
    }
    return keyframes;
  }

  /** A keyframe that looks at the origin, with a wall outside the map; its depth is exact. */
  private static Keyframe keyframe(int id, Distance scene, double x, double y, double z) {
    double[] up = y == 0 ? new double[] {0, 1, 0} : new double[] {0, 0, 1};
    SE3 worldFromCamera = SE3.lookAt(new double[] {x, y, z}, new double[3], up);
    float[] depth = AnalyticDepth.render(scene, CAMERA, worldFromCamera, WALL);
    RgbdFrame frame = new RgbdFrame(id, 0, CAMERA.width(), CAMERA.height(), depth, null, null);
    return new Keyframe(id, frame, worldFromCamera);
  }

  /** Remembers how far from the surface it was asked. */
  private static final class RecordingBackend extends AnalyticBackend {
    private double farthestEvaluated;

    RecordingBackend(Distance distance) {
      super(distance);
    }

    @Override
    public void evaluate(
        SceneField field, FieldStage stage, float[] points, int n, float[] l, float[] c) {
      super.evaluate(field, stage, points, n, l, c);
      assertThat(stage).isEqualTo(FieldStage.FINE);
      for (int i = 0; i < n; i++) {
        double distance = Math.abs(SPHERE.at(points[3 * i], points[3 * i + 1], points[3 * i + 2]));
        farthestEvaluated = Math.max(farthestEvaluated, distance);
      }
    }
  }
}
