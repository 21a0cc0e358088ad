package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls when the device fails under them. */
class DeviceFailureTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final int NOT_SUPPORTED = 801;
  private static final int ECC_UNCORRECTABLE = 214;
  private static final int POINTS = 20;

  private final SceneField field = TestField.LIGHT.complete().create(1);
  private final float[] points = TestField.points(POINTS, 1);
  private ComputeBackend backend;

  @BeforeEach
  void open() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.use();
    backend = CudaBackend.open(1);
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  private float[] logits(SceneField of) {
    float[] logits = new float[POINTS];
    backend.evaluate(of, FieldStage.FINE, points, POINTS, logits, null);
    return logits;
  }

  @ParameterizedTest
  @ValueSource(ints = {ILLEGAL_ADDRESS, LAUNCH_FAILED, ECC_UNCORRECTABLE})
  void whereTheDeviceIsLostAllGoesOnOnTheProcessor(int error) {
    float[] before = logits(field);
    assertThat(backend.description()).startsWith("cuda (Emulated device");
    EmulatedDriver.fail("cuStreamSynchronize", error, 0);
    assertSame(logits(field), before);
    assertThat(backend.description()).contains("is lost; on the processor: vector");
    assertSame(logits(field), before);
  }

  /** Two backends, each in float. */
  private static void assertSame(float[] actual, float[] expected) {
    for (int i = 0; i < POINTS; i++) {
      assertThat(actual[i]).isEqualTo(expected[i], Offset.offset(1e-5f));
    }
  }

  @Test
  void whatThePassWasToAddIsAddedOnce() {
    OccupancyTargets targets = TestField.targets(50, 5);
    FieldGradient expected = TestField.gradient(field, 1);
    FieldGradient actual = TestField.gradient(field, 1);
    double loss = backend.occupancyBackward(field, FieldStage.FINE, targets, expected);
    // After the level's gradients have come, as its decoder's are to be copied.
    EmulatedDriver.fail("cuStreamSynchronize", LAUNCH_FAILED, 2);
    assertThat(backend.occupancyBackward(field, FieldStage.FINE, targets, actual))
        .isCloseTo(loss, Offset.offset(1e-4));
    assertThat(backend.description()).contains("is lost");
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE)) {
      double[] once = TestField.sum(expected, level, field);
      double[] again = TestField.sum(actual, level, field);
      for (int i = 0; i < once.length; i++) {
        assertThat(again[i]).isEqualTo(once[i], Offset.offset(1e-4));
      }
    }
  }

  @ParameterizedTest
  // An iteration has five launches; those of the second are captured, and no others follow.
  @ValueSource(ints = {0, 2, 4, 5, 7, 9})
  void aRoundBeginsAgainFromTheHostsFeatures(int launchesBefore) {
    Map<FieldLevel, long[][]> masks = masks();
    float[] before = logits(field);
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      EmulatedDriver.fail("cuLaunchKernel", ILLEGAL_ADDRESS, launchesBefore);
      optimizer.begin(masks);
      for (int i = 0; i < 4; i++) {
        iterate(optimizer);
      }
      optimizer.finish();
      assertThat(backend.description()).contains("is lost");
      float[] after = logits(field);
      assertThat(after).isNotEqualTo(before).doesNotContain(Float.NaN);
      iterate(roundOf(optimizer, masks));
      optimizer.finish();
      assertThat(logits(field)).isNotEqualTo(after);
    }
  }

  private static FieldOptimizer roundOf(FieldOptimizer optimizer, Map<FieldLevel, long[][]> masks) {
    optimizer.begin(masks);
    return optimizer;
  }

  private Map<FieldLevel, long[][]> masks() {
    long[][] all = new long[field.mid().blockCount()][8];
    for (long[] words : all) {
      Arrays.fill(words, -1L);
    }
    return Map.of(FieldLevel.MID, all);
  }

  private void iterate(FieldOptimizer optimizer) {
    optimizer.prepare(List.of(FieldLevel.MID), false);
    backend.occupancyBackward(
        field, FieldStage.MID, TestField.targets(50, 5), optimizer.gradient());
    optimizer.step(Map.of(FieldLevel.MID, 0.1), 0);
  }

  @Test
  void whatIsIdleMakesRoom() {
    float[] before = logits(field);
    long one = EmulatedDriver.liveBytes();
    // Room for this field and half of another.
    EmulatedDriver.setMemory(one + one / 2);
    SceneField other = TestField.LIGHT.complete().create(2);
    float[] others = logits(other);
    assertThat(others).isNotEqualTo(before);
    assertThat(logits(field)).isEqualTo(before);
    assertThat(logits(other)).isEqualTo(others);
  }

  /**
   * Every call that may find no memory, of two rounds and of what comes before and after, one after
   * the other: of the device, page-locked, for a graph.
   */
  @ParameterizedTest
  @CsvSource({
    "cuMemAlloc, 40",
    "cuMemHostAlloc, 8",
    "cuStreamBeginCapture, 8",
    "cuStreamEndCapture, 8",
    "cuGraphInstantiate, 8",
    "cuGraphLaunch, 12"
  })
  void wantOfMemoryChangesNothing(String call, int calls) {
    SceneField reference = TestField.LIGHT.complete().create(1);
    float[] expected = logitsAfterRounds(reference);
    for (int number = 0; number < calls; number++) {
      SceneField fresh = TestField.LIGHT.complete().create(1);
      close();
      EmulatedDriver.reset();
      open();
      // Something idle, so that there is room to be made.
      logits(TestField.LIGHT.create(3));
      EmulatedDriver.fail(call, OUT_OF_MEMORY, number);
      assertThat(logitsAfterRounds(fresh)).as("%s %d", call, number).isEqualTo(expected);
    }
  }

  private float[] logitsAfterRounds(SceneField of) {
    try (FieldOptimizer optimizer = backend.optimizer(of, true)) {
      for (int round = 0; round < 2; round++) {
        long[][] masks = new long[of.mid().blockCount()][];
        long[] words = new long[8];
        Arrays.fill(words, -1L);
        // The second round has more blocks, and the map has grown.
        Arrays.fill(masks, 0, round == 0 ? 3 : masks.length, words);
        optimizer.begin(Map.of(FieldLevel.MID, masks));
        for (int i = 0; i < 3; i++) {
          optimizer.prepare(List.of(FieldLevel.MID), false);
          backend.occupancyBackward(
              of, FieldStage.MID, TestField.targets(50, 5), optimizer.gradient());
          optimizer.step(Map.of(FieldLevel.MID, 0.1), 0);
        }
        optimizer.finish();
        of.mid().allocate(round + 50, 0, 0);
      }
    }
    return logits(of);
  }

  /** Every allocation of a surface, one after the other, and then the device itself. */
  @Test
  void aSurfaceOutlivesItsDevice() {
    // The light field is free nearly everywhere.
    field.midDecoder().weights()[field.midDecoder().shape().outputBiasOffset()] = 0;
    OccupancyLattice lattice = lattice();
    LatticeSurface expected = backend.surface(field, lattice);
    assertThat(expected.faceCount()).isPositive();
    for (int allocation = 0; allocation < 30; allocation++) {
      close();
      open();
      logits(TestField.LIGHT.create(3));
      EmulatedDriver.fail("cuMemAlloc", OUT_OF_MEMORY, allocation);
      LatticeSurface again = backend.surface(field, lattice);
      assertThat(again.positions()).as("%d", allocation).isEqualTo(expected.positions());
      assertThat(again.faces()).as("%d", allocation).isEqualTo(expected.faces());
    }
    EmulatedDriver.fail("cuStreamSynchronize", ILLEGAL_ADDRESS, 3);
    assertThat(backend.surface(field, lattice).faces()).isEqualTo(expected.faces());
    assertThat(backend.description()).contains("is lost");
  }

  /** Of half a metre about the centre, the map asked everywhere. */
  private static OccupancyLattice lattice() {
    double spacing = TestField.CENTRE_X / 40;
    LatticeBox box = new LatticeBox(36, -44, -4, 9, 8, 9);
    byte[] classes = new byte[box.pointCount()];
    Arrays.fill(classes, OccupancyLattice.NEAR);
    return new OccupancyLattice(box, spacing, 0, classes);
  }

  /** In every call that captures or launches a graph, or within one. */
  @ParameterizedTest
  @CsvSource({
    "cuStreamBeginCapture, 0",
    "cuStreamEndCapture, 1",
    "cuGraphInstantiate, 0",
    "cuGraphLaunch, 0",
    "cuGraphLaunch, 2",
    "cuStreamSynchronize, 30"
  })
  void aDeviceThatIsLostWithAGraphIsLostAsEver(String call, int callsBefore) {
    float[] before = logits(field);
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      EmulatedDriver.fail(call, ILLEGAL_ADDRESS, callsBefore);
      for (int round = 0; round < 2; round++) {
        optimizer.begin(masks());
        for (int i = 0; i < 5; i++) {
          iterate(optimizer);
        }
        optimizer.finish();
      }
      assertThat(backend.description()).contains("is lost");
      assertThat(logits(field)).isNotEqualTo(before).doesNotContain(Float.NaN);
    }
  }

  /** An error that is no want of memory is told, and the next iterations go well. */
  @ParameterizedTest
  @ValueSource(strings = {"cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiate"})
  void aCaptureThatTheDriverRefusesIsAnError(String call) {
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      optimizer.begin(masks());
      iterate(optimizer);
      EmulatedDriver.fail(call, NOT_SUPPORTED, 0);
      assertThatThrownBy(() -> iterate(optimizer))
          .isInstanceOf(CudaException.class)
          .hasMessageStartingWith(call + ": CUDA_ERROR_NOT_SUPPORTED");
      optimizer.begin(masks());
      for (int i = 0; i < 3; i++) {
        iterate(optimizer);
      }
      optimizer.finish();
      assertThat(logits(field)).doesNotContain(Float.NaN);
      assertThat(backend.description()).doesNotContain("lost");
    }
    backend.close();
    backend = null;
    assertThat(EmulatedDriver.liveAllocations()).isZero();
    assertThat(EmulatedDriver.leaks()).isZero();
  }

  @Test
  void whatDoesNotFitIsAnErrorThatNamesTheSizes() {
    EmulatedDriver.setMemory(1 << 20);
    assertThatThrownBy(() -> logits(field))
        .isInstanceOf(CudaException.OutOfMemory.class)
        .hasMessageContaining("feature blocks")
        .hasMessageContaining("free");
    EmulatedDriver.setMemory(1L << 30);
    assertThat(logits(field)).doesNotContain(Float.NaN);
  }

  @Test
  void nothingIsLeftBehind() {
    logits(field);
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      optimizer.begin(masks());
      for (int i = 0; i < 3; i++) {
        iterate(optimizer);
      }
    }
    backend.close();
    backend = null;
    assertThat(EmulatedDriver.liveAllocations()).isZero();
    assertThat(EmulatedDriver.leaks()).isZero();
  }
}
