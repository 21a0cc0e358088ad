package io.roomfield.slam.meshing;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticDepth;
import io.roomfield.slam.compute.AnalyticMaps;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveMeshTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 90, 90, 79.5, 59.5);
  private static final double RESOLUTION = 0.04;

  /**
   * A ball over the eight chunks around the origin, a smaller one in the chunks beside them, a
   * crumb that is no piece, and one over a seam (x = 0.64 m).
   */
  private static final Distance SCENE =
      Distance.sphere(0, 0, 0, 0.5)
          .or(Distance.sphere(-0.9, 0, 0, 0.15))
          .or(Distance.sphere(0.9, 0.9, 0, 0.08))
          .or(Distance.sphere(0.64, -0.8, 0.3, 0.08));

  private final AnalyticBackend backend = new AnalyticBackend(SCENE);
  private final LiveMesh live = new LiveMesh(backend, CAMERA, RESOLUTION);
  private final Map<List<Integer>, MeshPatch> chunks = new HashMap<>();

  @Test
  void itsChunksAreTheWholeMeshesTriangles() {
    MapSnapshot map = AnalyticMaps.aroundOrigin();

    apply(live.update(map, fromAllSides()));

    assertThat(chunks).hasSizeGreaterThan(7);
    assertThat(triangles()).containsExactlyInAnyOrderElementsOf(whole(map, fromAllSides()));
  }

  @Test
  void onlyWhatChangedIsToldAgain() {
    MapSnapshot map = AnalyticMaps.aroundOrigin();
    List<Keyframe> keyframes = fromAllSides();
    apply(live.update(map, keyframes));
    assertThat(live.update(new MapSnapshot(2, map.field()), keyframes)).isEmpty();

    // The block over 0 to 1.28 m of each axis.
    FeatureGrid fine = map.field().fine();
    fine.blockToChange(fine.blockAt(0, 0, 0))[0] = 1;
    List<MeshPatch> patches = live.update(new MapSnapshot(3, map.field()), keyframes);

    assertThat(patches).isNotEmpty().allMatch(p -> p.mapVersion() == 3);
    // A border of a cell reaches into the neighbours: chunks before 0 read its first vertices.
    assertThat(patches).allMatch(p -> p.x() >= -1 && p.y() >= -1 && p.z() >= -1);
    assertThat(patches.size()).isLessThan(chunks.size());
    apply(patches);
    assertThat(triangles()).containsExactlyInAnyOrderElementsOf(whole(map, keyframes));
  }

  @Test
  void aNewKeyframeShowsMore() {
    MapSnapshot map = AnalyticMaps.aroundOrigin();
    List<Keyframe> all = fromAllSides();

    apply(live.update(map, all.subList(0, 1)));
    int before = triangles().size();
    apply(live.update(map, all));

    assertThat(triangles())
        .hasSizeGreaterThan(before)
        .containsExactlyInAnyOrderElementsOf(whole(map, all));
  }

  @Test
  void chunksWithoutASurfaceAnyMoreAreToldOnce() {
    MapSnapshot map = AnalyticMaps.aroundOrigin();
    List<Keyframe> keyframes = fromAllSides();
    apply(live.update(map, keyframes));

    List<MeshPatch> gone = live.update(map, List.of());

    assertThat(gone).hasSameSizeAs(chunks.values()).allMatch(p -> p.mesh().faceCount() == 0);
    assertThat(live.update(map, List.of())).isEmpty();
  }

  @Test
  void verticesSayHowOftenTheyWereSeen() {
    MapSnapshot map = AnalyticMaps.aroundOrigin();
    Keyframe front = fromAllSides().getFirst();
    Keyframe again = new Keyframe(1, front.frame(), front.worldFromCamera());

    for (MeshPatch patch : live.update(map, List.of(front, again))) {
      assertThat(patch.sightings()).hasSize(patch.mesh().vertexCount());
      for (byte seen : patch.sightings()) {
        assertThat(seen).isIn((byte) 0, (byte) 2); // 0 at the rim: its faces' centres were seen
      }
    }
  }

  private void apply(List<MeshPatch> patches) {
    for (MeshPatch patch : patches) {
      List<Integer> key = List.of(patch.x(), patch.y(), patch.z());
      if (patch.mesh().faceCount() == 0) {
        chunks.remove(key);
      } else {
        chunks.put(key, patch);
      }
    }
  }

  private List<List<Float>> triangles() {
    List<List<Float>> all = new ArrayList<>();
    chunks.values().forEach(patch -> all.addAll(triangles(patch.mesh())));
    return all;
  }

  private List<List<Float>> whole(MapSnapshot map, List<Keyframe> keyframes) {
    MeshRequest request = new MeshRequest(RESOLUTION, null, null, false);
    return triangles(
        new MeshExtractor(backend).extract(map, CAMERA, keyframes, request, fraction -> {}));
  }

  /** Per face the exact positions of its corners: where vertices are shared does not matter. */
  private static List<List<Float>> triangles(TriangleMesh mesh) {
    List<List<Float>> all = new ArrayList<>();
    for (int face = 0; face < mesh.faceCount(); face++) {
      List<Float> corners = new ArrayList<>();
      for (int corner = 0; corner < 3; corner++) {
        for (int d = 0; d < 3; d++) {
          corners.add(mesh.positions()[3 * mesh.faces()[3 * face + corner] + d]);
        }
      }
      all.add(corners);
    }
    return all;
  }

  private static List<Keyframe> fromAllSides() {
    double d = 2;
    double[][] eyes = {{d, 0, 0}, {-d, 0, 0}, {0, d, 0}, {0, -d, 0}, {0, 0, d}, {0, 0, -d}};
    List<Keyframe> keyframes = new ArrayList<>();
    for (double[] eye : eyes) {
      double[] up = eye[1] == 0 ? new double[] {0, 1, 0} : new double[] {0, 0, 1};
      SE3 worldFromCamera = SE3.lookAt(eye, new double[3], up);
      float[] depth = AnalyticDepth.render(SCENE, CAMERA, worldFromCamera, 4);
      RgbdFrame frame =
          new RgbdFrame(keyframes.size(), 0, CAMERA.width(), CAMERA.height(), depth, null, null);
      keyframes.add(new Keyframe(keyframes.size(), frame, worldFromCamera));
    }
    return keyframes;
  }
}
