package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackendContract;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
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

  /** Their samples' gradients are zeros, but a zero times a feature that is NaN is not. */
  @Test
  void raysThatDoNotCountHaveNoPoseGradientWhateverTheySee() {
    SceneField field = TestField.SMOOTH.complete().create(52);
    for (int block = 0; block < field.mid().blockCount(); block++) {
      Arrays.fill(field.mid().blockToChange(block), Float.NaN);
    }
    RayBatch rays = TestField.rays(50, 50, 52);
    PoseGradient gradient = new PoseGradient(50);
    try (ComputeBackend cuda = CudaBackend.open(1)) {
      cuda.backward(
          field,
          FieldStage.MID,
          rays,
          new RenderSettings(8, 3, 0, false, false),
          Objective.tracking(0, 0, 1),
          null,
          gradient,
          null);
    }
    for (int ray = 0; ray < 50; ray++) {
      Float expected = rays.depth[ray] > 0 ? Float.NaN : 0f;
      assertThat(gradient.perRay()[6 * ray]).as("ray %d", ray).isEqualTo(expected);
    }
  }

  /** Blocks of 20 channels, more of them than come to the host at a time. */
  @Test
  void gradientsOfManyBlocksAreTheOracles() {
    SceneField field = TestField.LIGHT.complete().create(53);
    for (int block = 0; block < 120; block++) {
      field.mid().allocate(block + 50, 0, 0);
    }
    // Read through its last blocks too, whose gradients come last.
    OccupancyTargets targets = TestField.targets(40, 53);
    for (int i = 0; i < 20; i++) {
      targets.points[3 * i] = (float) (field.mid().voxelEdge() * 8 * (160 + i / 2.0) + 0.1);
      targets.points[3 * i + 1] = 0.5f;
      targets.points[3 * i + 2] = 0.5f;
    }
    double[] expected = gradient(new ScalarBackend(), field, targets);
    double[] actual = gradient(CudaBackend.open(1), field, targets);
    assertThat(expected).hasSizeGreaterThan(1 << 20);
    assertThat(Arrays.stream(expected, 1 << 20, expected.length).filter(g -> g != 0).count())
        .isPositive();
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != 0 || actual[i] != 0) {
        // As the contract's: 1e-4 of a gradient whose terms are of order 1.
        assertThat(actual[i]).as("%d", i).isCloseTo(expected[i], Offset.offset(1e-4));
      }
    }
  }

  /** Of 2^31 entries and more the device is asked for what they need, and has not. */
  @Test
  void gradientsThatDoNotFitAreAnError() {
    EmulatedDriver.assumeEmulated();
    SceneField field = TestField.LIGHT.complete().create(54);
    float[] shared = new float[1 << 25];
    FieldGradient huge =
        new FieldGradient(1) {
          @Override
          public float[] block(FieldLevel level, int lane, int block) {
            return shared;
          }
        };
    for (int block = 0; block < 70; block++) {
      field.mid().allocate(block + 50, 0, 0);
    }
    try (ComputeBackend cuda = CudaBackend.open(1)) {
      assertThatThrownBy(
              () -> cuda.occupancyBackward(field, FieldStage.MID, TestField.targets(1, 54), huge))
          .isInstanceOf(CudaException.OutOfMemory.class)
          .hasMessageContaining("fixed-point gradients");
    }
  }

  /** What is summed is summed in fixed point or in a fixed order. */
  @Test
  void theOrderOfThreadsDoesNotShow() {
    EmulatedDriver.assumeEmulated();
    SceneField field = TestField.SMOOTH.create(55);
    List<double[]> first = null;
    for (long order = 1; order <= 4; order++) {
      EmulatedDriver.setSeed(order);
      List<double[]> sums = sums(field);
      for (int i = 0; first != null && i < sums.size(); i++) {
        assertThat(sums.get(i)).as("order %d, %d", order, i).isEqualTo(first.get(i));
      }
      first = sums;
    }
  }

  /** Every loss and gradient of a batch. */
  private static List<double[]> sums(SceneField field) {
    FieldGradient gradient = TestField.gradient(field, 1);
    PoseGradient poses = new PoseGradient(50);
    List<double[]> sums = new ArrayList<>();
    try (ComputeBackend cuda = CudaBackend.open(1)) {
      BatchLosses losses =
          cuda.backward(
              field,
              FieldStage.COLOUR,
              TestField.rays(50, 3, 55),
              new RenderSettings(8, 3, 3, true, false),
              Objective.tracking(0.5f, 1.25f, 0.04f),
              gradient,
              poses,
              null);
      sums.add(new double[] {losses.total(), losses.depthAbsSum(), losses.colourAbsSum()});
    }
    for (FieldLevel level : FieldLevel.values()) {
      sums.add(TestField.sum(gradient, level, field));
      sums.add(TestField.sumWeights(gradient, level, field));
    }
    double[] twists = new double[poses.perRay().length];
    Arrays.setAll(twists, i -> poses.perRay()[i]);
    sums.add(twists);
    return sums;
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
