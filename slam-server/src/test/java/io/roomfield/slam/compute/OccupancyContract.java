package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cross-entropy of occupancy at points: part of {@link ComputeBackendContract}. */
abstract class OccupancyContract extends GradientContract {
  /** A term's derivative by its logit, at weights to 1.5: what a logit's error grows by. */
  private static final double TERM_SCALE = 1.5 * FieldStage.OCCUPANCY_SHARPNESS;

  static Stream<Arguments> fieldsAndStagesWithoutColour() {
    return fieldsAndStages().filter(of -> of.get()[1] != FieldStage.COLOUR);
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStagesWithoutColour")
  void crossEntropyIsTheOracles(TestField kind, FieldStage stage) {
    SceneField field = kind.create(31);
    for (int count : new int[] {1, 13, 207, 702}) {
      OccupancyTargets targets = TestField.targets(count, count);
      FieldGradient expected = TestField.gradient(field, oracle.lanes());
      FieldGradient actual = TestField.gradient(field, backend.lanes());
      Parity parity = Parity.of(kind);
      double tolerance = parity.value() * TERM_SCALE * count;
      assertThat(backend.occupancyBackward(field, stage, targets, actual))
          .isEqualTo(
              oracle.occupancyBackward(field, stage, targets, expected), Offset.offset(tolerance));
      parity.assertFieldGradients(field, expected, actual);
    }
  }

  static Stream<Arguments> occupancyCheckedLevels() {
    return gradientCheckedLevels().filter(of -> of.get()[1] != FieldStage.COLOUR);
  }

  static Stream<Arguments> occupancyCheckedFeatures() {
    return gradientCheckedFeatures().filter(of -> of.get()[1] != FieldStage.COLOUR);
  }

  @ParameterizedTest
  @MethodSource("occupancyCheckedLevels")
  void crossEntropysWeightGradientsAreTheCentralDifferences(
      TestField kind, FieldStage stage, FieldLevel level) {
    SceneField field = kind.create(32);
    OccupancyTargets targets = TestField.targets(40, 32);
    FieldGradient gradient = TestField.gradient(field, backend.lanes());
    backend.occupancyBackward(field, stage, targets, gradient);
    DoubleSupplier loss = loss(field, stage, targets);
    assertWeightGradient(
        kind,
        level,
        field,
        gradient,
        at -> NumericalGradient.byFloat(weights(field, level), at, loss));
  }

  @ParameterizedTest
  @MethodSource("occupancyCheckedFeatures")
  void crossEntropysFeatureGradientsAreTheCentralDifferences(
      TestField kind, FieldStage stage, FieldLevel level) {
    // Only a fine decoder that gives mid no weight has the gradient it is defined to have.
    SceneField field = TestField.withoutMidInFine(kind.create(33));
    OccupancyTargets targets = TestField.targets(40, 33);
    FieldGradient gradient = TestField.gradient(field, backend.lanes());
    backend.occupancyBackward(field, stage, targets, gradient);
    double[] all = TestField.sum(gradient, level, field);
    // Most features lie far from so few points.
    int[] touched = IntStream.range(0, all.length).filter(i -> all[i] != 0).toArray();
    FeatureGrid grid = field.grid(level);
    int blockLength = FeatureGrid.BLOCK_VOXELS * grid.channels();
    DoubleSupplier loss = loss(field, stage, targets);
    double[] expected = new double[30];
    double[] actual = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      int at = touched[i * touched.length / expected.length];
      float[] block = grid.block(at / blockLength);
      expected[i] = NumericalGradient.byFloat(block, at % blockLength, loss);
      actual[i] = all[at];
    }
    new Parity(0, gradientTolerance(kind)).assertGradient(level + " features", expected, actual);
  }

  private static DoubleSupplier loss(SceneField field, FieldStage stage, OccupancyTargets targets) {
    FieldGradient dropped = new FieldGradient(1);
    return () -> {
      try (ScalarBackend oracle = new ScalarBackend()) {
        return oracle.occupancyBackward(field, stage, targets, dropped);
      }
    };
  }

  @Test
  void crossEntropyIsTheFormula() {
    SceneField field = TestField.SMOOTH.create(34);
    OccupancyTargets targets = TestField.targets(13, 34);
    float[] logits = new float[13];
    oracle.evaluate(field, FieldStage.FINE, targets.points, 13, logits, null);
    double expected = 0;
    for (int i = 0; i < 13; i++) {
      double o = 1 / (1 + Math.exp(-FieldStage.OCCUPANCY_SHARPNESS * logits[i]));
      double t = targets.target[i];
      expected -= targets.weight[i] * (t * Math.log(o) + (1 - t) * Math.log(1 - o));
    }
    // The logits' rounding to float, 6e-8 of a value below 1, and what the backend is allowed.
    double tolerance = Parity.of(TestField.SMOOTH).value() * TERM_SCALE * 13;
    assertThat(crossEntropy(field, targets)).isEqualTo(expected, Offset.offset(tolerance));
  }

  @Test
  void crossEntropyOfASaturatedLogitIsItsSize() {
    SceneField field = TestField.SMOOTH.create(35);
    float[] weights = field.midDecoder().weights();
    Arrays.fill(weights, 0f);
    OccupancyTargets targets = TestField.targets(1, 35);
    targets.weight[0] = 1;
    for (float logit : new float[] {100, -100}) {
      weights[weights.length - 1] = logit;
      targets.target[0] = logit > 0 ? 0 : 1;
      assertThat(crossEntropy(field, FieldStage.MID, targets)).isEqualTo(1000);
      targets.target[0] = logit > 0 ? 1 : 0;
      assertThat(crossEntropy(field, FieldStage.MID, targets)).isZero();
    }
  }

  private double crossEntropy(SceneField field, OccupancyTargets targets) {
    return crossEntropy(field, FieldStage.FINE, targets);
  }

  private double crossEntropy(SceneField field, FieldStage stage, OccupancyTargets targets) {
    return backend.occupancyBackward(field, stage, targets, new FieldGradient(backend.lanes()));
  }

  @Test
  void onlyTargetsInUseCount() {
    SceneField field = TestField.LIGHT.create(36);
    OccupancyTargets targets = TestField.targets(500, 36);
    double all = crossEntropy(field, targets);
    targets.count = 499;
    assertThat(crossEntropy(field, targets)).isPositive().isNotEqualTo(all);
    targets.count = 0;
    FieldGradient gradient = TestField.gradient(field, backend.lanes());
    assertThat(backend.occupancyBackward(field, FieldStage.FINE, targets, gradient)).isZero();
    assertThat(TestField.sum(gradient, FieldLevel.MID, field)).containsOnly(0);
    assertThat(TestField.sumWeights(gradient, FieldLevel.MID, field)).containsOnly(0);
  }

  @Test
  void crossEntropysAreBitIdentical() {
    SceneField field = TestField.PAPER.create(37);
    OccupancyTargets targets = TestField.targets(2000, 37);
    FieldGradient first = TestField.gradient(field, backend.lanes());
    FieldGradient second = TestField.gradient(field, backend.lanes());
    assertThat(backend.occupancyBackward(field, FieldStage.FINE, targets, second))
        .isEqualTo(backend.occupancyBackward(field, FieldStage.FINE, targets, first));
    for (FieldLevel level : FieldLevel.values()) {
      assertThat(TestField.sum(second, level, field)).isEqualTo(TestField.sum(first, level, field));
      assertThat(TestField.sumWeights(second, level, field))
          .isEqualTo(TestField.sumWeights(first, level, field));
    }
  }

  @Test
  void aTargetsFeatureThatIsNotANumberPassesThrough() {
    SceneField field = TestField.SMOOTH.complete().create(38);
    Arrays.fill(field.fine().blockToChange(3), Float.NaN);
    OccupancyTargets targets = TestField.targets(200, 38);
    FieldGradient gradient = TestField.gradient(field, backend.lanes());
    assertThat(backend.occupancyBackward(field, FieldStage.FINE, targets, gradient)).isNaN();
    FieldGradient expected = TestField.gradient(field, oracle.lanes());
    oracle.occupancyBackward(field, FieldStage.FINE, targets, expected);
    double[] fine = TestField.sum(expected, FieldLevel.FINE, field);
    assertThat(fine).contains(Double.NaN);
    assertThat(numbers(TestField.sum(gradient, FieldLevel.FINE, field))).isEqualTo(numbers(fine));
    assertThat(TestField.sumWeights(gradient, FieldLevel.FINE, field)).contains(Double.NaN);
  }

  /** Where there are numbers. */
  private static BitSet numbers(double[] values) {
    BitSet numbers = new BitSet();
    for (int i = 0; i < values.length; i++) {
      numbers.set(i, !Double.isNaN(values[i]));
    }
    return numbers;
  }
}
