package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.cuda.CudaProbe;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.cuda.EmulatedDriver.Direction;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.SurfaceContract;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.isosurface.CubeCases;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.isosurface.ScalarLattice;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.meshing.MeshExtractor;
import io.roomfield.slam.meshing.MeshRequest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaSurfaceTest extends SurfaceContract {
  @Override
  protected ComputeBackend backend() {
    EmulatedDriver.use();
    return CudaBackend.open(1);
  }

  /** Every case and ambiguity, edges that cells with unknown corners share, and plateaus. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void marchingCubesOfNoiseIsTheOracles(int border) {
    LatticeBox box = new LatticeBox(-7, 5, 40, 23, 24, 25);
    float[] values = new float[box.pointCount()];
    SplittableRandom random = new SplittableRandom(71);
    for (int i = 0; i < values.length; i++) {
      int draw = random.nextInt(60);
      values[i] = draw == 0 ? Float.NaN : draw < 4 ? draw - 2 : random.nextFloat() - 0.5f;
    }
    ScalarLattice lattice = new ScalarLattice(box, 0.05, values);
    LatticeSurface expected = MarchingCubes.march(lattice, border);
    assertThat(expected.faceCount()).isGreaterThan(10_000);
    assertSame(expected, march(lattice, border));
  }

  /** Central differences cancel between stripes; the edges know which end is outside. */
  @Test
  void cancelledDifferencesHaveTheOraclesNormals() {
    LatticeBox box = new LatticeBox(0, 0, 0, 6, 4, 4);
    float[] values = new float[box.pointCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = box.offset(i, 0) % 2 == 0 ? -1 : 1;
    }
    ScalarLattice lattice = new ScalarLattice(box, 1, values);
    LatticeSurface expected = MarchingCubes.march(lattice, 1);
    assertThat(expected.normals()).contains(-1f, 1f);
    assertSame(expected, march(lattice, 1));
  }

  private static LatticeSurface march(ScalarLattice lattice, int border) {
    LatticeBox box = lattice.box();
    return onDevice(
        (state, work) -> {
          DeviceBuffer values = work.of("values", lattice.values(), box.pointCount());
          Struct struct = LatticePass.struct(box, lattice.spacing(), border);
          return new CubesPass(work).march(struct, box, values);
        });
  }

  /** One tile, its ends, several tiles, and more tiles than a tile has values. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 1023, 1024, 1025, 70_001, (1 << 20) + 3})
  void prefixSumsAreExact(int count) {
    SplittableRandom random = new SplittableRandom(count);
    int[] values = random.ints(count, 0, 6).toArray();
    values[count - 1] = 0;
    int[] expected = new int[count];
    for (int i = 1; i < count; i++) {
      expected[i] = expected[i - 1] + values[i - 1];
    }
    int[] sums = new int[count];
    int total =
        onDevice(
            (state, work) -> {
              DeviceBuffer buffer = work.words("counts", count);
              buffer.upload(work.stream(), values, 0, 0, count);
              int all = new PrefixSum(work).totalled(buffer, count);
              buffer.download(work.stream(), sums, 0, 0, count);
              return all;
            });
    assertThat(total).isEqualTo(Arrays.stream(values).sum());
    assertThat(sums).isEqualTo(expected);
  }

  private static <T> T onDevice(DeviceCalls.Call<T> call) {
    try (DeviceCalls calls = new DeviceCalls(CudaProbe.run().devices().getFirst(), false)) {
      return calls.make(
          false,
          call,
          () -> {
            throw new AssertionError("the device was lost");
          });
    }
  }

  /**
   * Of a point its class crosses the bus, of a triangle its corners; besides, tables and totals.
   */
  @Test
  void onlyClassesAndTrianglesCrossTheBus() {
    EmulatedDriver.assumeEmulated();
    OccupancyLattice lattice = lattice(20, 21, 22, 1);
    SceneField field = crossing(TestField.LIGHT, 72, lattice);
    try (ComputeBackend cuda = CudaBackend.open(1)) {
      cuda.surface(field, lattice);
      long sent = EmulatedDriver.copiedBytes(Direction.HOST_TO_DEVICE);
      long brought = EmulatedDriver.copiedBytes(Direction.DEVICE_TO_HOST);
      LatticeSurface surface = cuda.surface(field, lattice);
      int points = lattice.box().pointCount();
      int table = CubeCases.table(lattice.box()).length;
      assertThat(EmulatedDriver.copiedBytes(Direction.HOST_TO_DEVICE) - sent)
          .isEqualTo(points + 4L * table);
      // Three totals, and which point was not finite.
      assertThat(EmulatedDriver.copiedBytes(Direction.DEVICE_TO_HOST) - brought)
          .isEqualTo(4L * (7 * surface.vertexCount() + 3 * surface.faceCount() + 4));
    }
  }

  /** The whole way of a mesh: what keyframes saw, chunks, seams, colours. */
  @Test
  void aMeshIsThatOfTheProcessorsMarchingCubes() {
    SceneField field = crossing(TestField.LIGHT.complete(), 73, lattice(15, 15, 15, 0));
    PinholeCamera camera = new PinholeCamera(64, 48, 50, 50, 31.5, 23.5);
    float[] depth = new float[64 * 48];
    Arrays.fill(depth, 0.5f);
    SE3 pose =
        SE3.fromRotationVector(
            0, 0, 0, TestField.CENTRE_X, TestField.CENTRE_Y, TestField.CENTRE_Z - 0.5);
    Keyframe keyframe = new Keyframe(0, new RgbdFrame(0, 0, 64, 48, depth, null, null), pose);
    MeshRequest request = new MeshRequest(0.03, null, null, true);
    MapSnapshot map = new MapSnapshot(1, field);
    try (ComputeBackend cuda = CudaBackend.open(1)) {
      TriangleMesh expected =
          new MeshExtractor(new EvaluatedOnly(cuda))
              .extract(map, camera, List.of(keyframe), request, done -> {});
      TriangleMesh actual =
          new MeshExtractor(cuda).extract(map, camera, List.of(keyframe), request, done -> {});
      assertThat(actual.faceCount()).isGreaterThan(200);
      assertThat(actual.colours()).hasSameSizeAs(actual.positions());
      assertSame(surface(expected), surface(actual));
    }
  }

  private static LatticeSurface surface(TriangleMesh mesh) {
    return new LatticeSurface(
        new int[mesh.vertexCount()], mesh.positions(), mesh.normals(), mesh.faces());
  }

  /** A backend's logits, and the surface that the processor makes of them. */
  private static final class EvaluatedOnly extends AnalyticBackend {
    private final ComputeBackend backend;

    EvaluatedOnly(ComputeBackend backend) {
      super((x, y, z) -> Double.NaN);
      this.backend = backend;
    }

    @Override
    public void evaluate(
        SceneField field, FieldStage stage, float[] points, int n, float[] l, float[] c) {
      backend.evaluate(field, stage, points, n, l, c);
    }
  }
}
