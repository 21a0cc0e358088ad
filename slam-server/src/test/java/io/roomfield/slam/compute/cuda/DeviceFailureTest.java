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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls when the device fails under them. */
class DeviceFailureTest {
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
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
  void aLostDeviceIsOpenedAgainAndTheCallMadeAgain(int error) {
    float[] before = logits(field);
    EmulatedDriver.fail("cuStreamSynchronize", error, 0);
    assertThat(logits(field)).isEqualTo(before);
    assertThat(logits(field)).isEqualTo(before);
  }

  @Test
  void aCallThatLosesTheDeviceTwiceIsGivenUpAndOthersGoOn() {
    float[] before = logits(field);
    EmulatedDriver.fail("cuLaunchKernel", LAUNCH_FAILED, 0);
    EmulatedDriver.fail("cuModuleGetFunction", LAUNCH_FAILED, 0);
    assertThatThrownBy(() -> logits(field))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
    assertThat(logits(field)).isEqualTo(before);
  }

  @Test
  void aDeviceThatDoesNotComeBackFailsEachCallUntilItDoes() {
    float[] before = logits(field);
    EmulatedDriver.fail("cuLaunchKernel", ECC_UNCORRECTABLE, 0);
    EmulatedDriver.fail("cuDevicePrimaryCtxRetain", ECC_UNCORRECTABLE, 0);
    assertThatThrownBy(() -> logits(field))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("cuDevicePrimaryCtxRetain");
    assertThat(logits(field)).isEqualTo(before);
  }

  @Test
  void aRoundGoesOnFromTheHostsFeatures() {
    Map<FieldLevel, long[][]> masks = masks();
    float[] before = logits(field);
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      optimizer.begin(masks);
      iterate(optimizer);
      EmulatedDriver.fail("cuLaunchKernel", ILLEGAL_ADDRESS, 2);
      iterate(optimizer);
      optimizer.finish();
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
      iterate(optimizer);
    }
    backend.close();
    backend = null;
    assertThat(EmulatedDriver.liveAllocations()).isZero();
    assertThat(EmulatedDriver.leaks()).isZero();
  }
}
