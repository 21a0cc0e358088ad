package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackendContract;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;
import org.junit.jupiter.api.Test;

/** On the emulated device, or on the machine's own with {@code -Droomfield.cuda.real=true}. */
class CudaBackendTest extends ComputeBackendContract {
  /** fixed_point.cuh, kLargestTerm. */
  private static final double LARGEST_TERM = 16384;

  @Override
  protected ComputeBackend backend() {
    EmulatedDriver.use();
    return CudaBackend.open(1);
  }

  /** Features are summed in fixed point: what does not fit keeps its sign. */
  @Test
  void featureGradientsBeyondTheLargestAreTheLargest() {
    SceneField field = TestField.LIGHT.complete().create(51);
    OccupancyTargets targets = TestField.targets(1, 51);
    targets.target[0] = 1;
    targets.weight[0] = 1e12f;
    double[] actual = gradient(CudaBackend.open(1), field, targets);
    double[] unlimited = gradient(new ScalarBackend(), field, targets);
    int limited = 0;
    for (int i = 0; i < actual.length; i++) {
      // Twice, so that the rounding of a term near the largest decides nothing.
      if (Math.abs(unlimited[i]) > 2 * LARGEST_TERM) {
        assertThat(actual[i]).as("%d", i).isEqualTo(Math.signum(unlimited[i]) * LARGEST_TERM);
        limited++;
      }
    }
    assertThat(limited).isPositive();
  }

  private static double[] gradient(
      ComputeBackend backend, SceneField field, OccupancyTargets targets) {
    try (backend) {
      FieldGradient gradient = TestField.gradient(field, backend.lanes());
      backend.occupancyBackward(field, FieldStage.MID, targets, gradient);
      return TestField.sum(gradient, FieldLevel.MID, field);
    }
  }
}
