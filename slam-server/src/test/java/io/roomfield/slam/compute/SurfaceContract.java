package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.MarchingCubes;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.isosurface.ScalarLattice;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend's {@link ComputeBackend#surface} must do. */
public abstract class SurfaceContract {
  private static final double SPACING = 0.047;

  /**
   * Positions and normals are computed in double and rounded to float; a device may fuse a multiply
   * and an add in between. One float step of coordinates below 4 m.
   */
  private static final Parity LAST_DIGIT = new Parity(2.4e-7, 0);

  /** Logits nearer to 0 than this are left out where two backends must find the same cells. */
  private static final float CLEAR = 1e-3f;

  private final ComputeBackend oracle = new ScalarBackend();
  private ComputeBackend backend;

  /** A new backend, the one under test. */
  protected abstract ComputeBackend backend();

  @BeforeEach
  void open() {
    backend = backend();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  /** A field whose logits are as often above 0 as below where a lattice asks. */
  protected static SceneField crossing(TestField kind, long seed, OccupancyLattice lattice) {
    SceneField field = kind.create(seed);
    try (ComputeBackend oracle = new ScalarBackend()) {
      float[] values = values(oracle, field, lattice);
      Arrays.sort(values); // NaN last
      int known = values.length;
      while (known > 0 && Float.isNaN(values[known - 1])) {
        known--;
      }
      Decoder base = field.decoder(field.base(FieldStage.FINE));
      base.weights()[base.shape().outputBiasOffset()] -= known > 0 ? values[known / 2] : 0;
    }
    return field;
  }

  /** A lattice about the centre of test fields; one point in 50 is unknown, one in 10 free. */
  protected static OccupancyLattice lattice(int sizeX, int sizeY, int sizeZ, int border) {
    LatticeBox box =
        new LatticeBox(
            first(TestField.CENTRE_X, sizeX),
            first(TestField.CENTRE_Y, sizeY),
            first(TestField.CENTRE_Z, sizeZ),
            sizeX,
            sizeY,
            sizeZ);
    byte[] classes = new byte[box.pointCount()];
    SplittableRandom random = new SplittableRandom(sizeX);
    for (int i = 0; i < classes.length; i++) {
      int draw = random.nextInt(50);
      classes[i] =
          draw == 0
              ? OccupancyLattice.UNKNOWN
              : draw <= 5 ? OccupancyLattice.FREE : OccupancyLattice.NEAR;
    }
    return new OccupancyLattice(box, SPACING, border, classes);
  }

  private static int first(double centre, int size) {
    return (int) Math.floor(centre / SPACING) - size / 2;
  }

  /** A lattice's values, by {@link ComputeBackend#evaluate} at the points that ask for it. */
  private static float[] values(ComputeBackend of, SceneField field, OccupancyLattice lattice) {
    byte[] classes = lattice.classes();
    LatticeBox box = lattice.box();
    float[] points = new float[3 * classes.length];
    int[] asked = new int[classes.length];
    int count = 0;
    for (int z = 0; z < box.sizeZ(); z++) {
      for (int y = 0; y < box.sizeY(); y++) {
        for (int x = 0; x < box.sizeX(); x++) {
          if (classes[box.index(x, y, z)] == OccupancyLattice.NEAR) {
            points[3 * count] = (float) ((box.x() + x) * lattice.spacing());
            points[3 * count + 1] = (float) ((box.y() + y) * lattice.spacing());
            points[3 * count + 2] = (float) ((box.z() + z) * lattice.spacing());
            asked[count++] = box.index(x, y, z);
          }
        }
      }
    }
    float[] logits = new float[count];
    of.evaluate(field, FieldStage.FINE, points, count, logits, null);
    float[] values = new float[classes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = classes[i] == OccupancyLattice.FREE ? -1 : Float.NaN;
    }
    for (int i = 0; i < count; i++) {
      values[asked[i]] = logits[i];
    }
    return values;
  }

  private static LatticeSurface march(OccupancyLattice lattice, float[] values) {
    return MarchingCubes.march(
        new ScalarLattice(lattice.box(), lattice.spacing(), values), lattice.border());
  }

  static List<TestField> fields() {
    return TestField.all();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void theSurfaceIsThatOfTheBackendsOwnLogits(TestField kind) {
    OccupancyLattice lattice = lattice(11, 9, 12, 1);
    assertSurface(crossing(kind, 61, lattice), lattice, 50);
  }

  /**
   * Without a cell, one cell, a flat box, borders, and more points than prefix sums' tiles have.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0, 0",
    "2, 2, 2, 0, 0",
    "4, 3, 2, 0, 1",
    "5, 4, 3, 1, 0",
    "3, 3, 3, 2, 0",
    "33, 17, 9, 1, 100",
    "13, 20, 29, 2, 100"
  })
  void ofAwkwardSizes(int sizeX, int sizeY, int sizeZ, int border, int leastFaces) {
    OccupancyLattice lattice = lattice(sizeX, sizeY, sizeZ, border);
    assertSurface(crossing(TestField.LIGHT, 62, lattice), lattice, leastFaces);
  }

  private void assertSurface(SceneField field, OccupancyLattice lattice, int leastFaces) {
    LatticeSurface expected = march(lattice, values(backend, field, lattice));
    LatticeSurface actual = backend.surface(field, lattice);
    assertThat(expected.faceCount()).isGreaterThanOrEqualTo(leastFaces);
    assertSame(expected, actual);
  }

  /** The same triangles in the same order, with the same vertices shared. */
  protected static void assertSame(LatticeSurface expected, LatticeSurface actual) {
    assertThat(actual.edges()).isEqualTo(expected.edges());
    assertThat(actual.faces()).isEqualTo(expected.faces());
    LAST_DIGIT.assertValues("positions", expected.positions(), actual.positions());
    LAST_DIGIT.assertValues("normals", expected.normals(), actual.normals());
  }

  @Test
  void theSurfaceIsTheOracles() {
    OccupancyLattice lattice = lattice(19, 18, 17, 1);
    SceneField field = crossing(TestField.LIGHT, 63, lattice);
    float[] values = values(oracle, field, lattice);
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) < CLEAR) {
        lattice.classes()[i] = OccupancyLattice.UNKNOWN;
        values[i] = Float.NaN;
      }
    }
    LatticeSurface expected = march(lattice, values);
    LatticeSurface actual = backend.surface(field, lattice);
    assertThat(expected.faceCount()).isGreaterThan(1000);
    assertThat(actual.edges()).isEqualTo(expected.edges());
    assertThat(actual.faces()).isEqualTo(expected.faces());
    // Where an edge is cut moves by its logits' error over their difference, twice CLEAR at least.
    double moved = SPACING * Parity.of(TestField.LIGHT).value() / (2 * CLEAR);
    new Parity(moved, 0).assertValues("positions", expected.positions(), actual.positions());
  }

  @Test
  void twoSurfacesAreBitIdentical() {
    OccupancyLattice lattice = lattice(12, 11, 10, 1);
    SceneField field = crossing(TestField.LIGHT, 64, lattice);
    LatticeSurface first = backend.surface(field, lattice);
    LatticeSurface second = backend.surface(field, lattice);
    assertThat(second.edges()).isEqualTo(first.edges()).isNotEmpty();
    assertThat(second.positions()).isEqualTo(first.positions());
    assertThat(second.normals()).isEqualTo(first.normals());
    assertThat(second.faces()).isEqualTo(first.faces());
  }

  @Test
  void aLatticeThatAsksNothingHasNoSurface() {
    OccupancyLattice lattice = lattice(6, 5, 4, 0);
    SceneField field = crossing(TestField.LIGHT, 65, lattice);
    for (byte all : new byte[] {OccupancyLattice.UNKNOWN, OccupancyLattice.FREE}) {
      Arrays.fill(lattice.classes(), all);
      LatticeSurface surface = backend.surface(field, lattice);
      assertThat(surface.vertexCount()).isZero();
      assertThat(surface.faceCount()).isZero();
    }
  }

  @Test
  void aLogitThatIsNotANumberIsRefusedWhereItIsAskedFirst() {
    OccupancyLattice lattice = lattice(12, 11, 10, 1);
    SceneField field = crossing(TestField.LIGHT.complete(), 66, lattice);
    Arrays.fill(field.fine().blockToChange(0), Float.NaN);
    float[] values = values(oracle, field, lattice);
    int first = 0;
    while (lattice.classes()[first] != OccupancyLattice.NEAR || !Float.isNaN(values[first])) {
      first++;
    }
    assertThatThrownBy(() -> backend.surface(field, lattice))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "logit NaN at (%.3f, %.3f, %.3f) m (expected: finite)"
                .formatted(
                    lattice.metres(first, 0), lattice.metres(first, 1), lattice.metres(first, 2)));
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        lattice.classes()[i] = OccupancyLattice.UNKNOWN;
      }
    }
    assertSurface(field, lattice, 10);
  }

  @Test
  void anInfiniteLogitIsRefused() {
    OccupancyLattice lattice = lattice(3, 3, 3, 0);
    SceneField field = TestField.LIGHT.create(67);
    Decoder mid = field.midDecoder();
    mid.weights()[mid.shape().outputBiasOffset()] = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> backend.surface(field, lattice))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageStartingWith("logit -Infinity at (");
  }
}
