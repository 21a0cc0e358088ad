package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ComputeBackend} must do: parity with the oracle, gradients that are the losses'
 * derivatives, and the rest, here. A provider's test extends this and names its backend; tolerances
 * are explained at {@link Parity}.
 */
public abstract class ComputeBackendContract extends NetworkContract {
  @ParameterizedTest
  @EnumSource
  void noRaysGiveZeroLosses(FieldStage stage) {
    SceneField field = TestField.LIGHT.create(11);
    RayBatch none = TestField.rays(3, 1, 11);
    none.count = 0;
    Pass pass = new Pass(backend, field, 3);
    assertThat(pass.run(stage, none, PLAIN.settings(), TRACKING))
        .isEqualTo(new BatchLosses(0, 0, 0, 0, 0, 0));
    for (FieldLevel level : FieldLevel.values()) {
      assertThat(TestField.sum(pass.fieldGradient, level, field)).containsOnly(0);
      assertThat(TestField.sumWeights(pass.fieldGradient, level, field)).containsOnly(0);
    }
    assertThat(pass.poseGradient.perRay()).containsOnly(0);
    backend.render(field, stage, none, PLAIN.settings(), pass.rendered);
    assertThat(pass.rendered.depth).containsOnly(0);
    float[] colours = stage.readsColour() ? new float[0] : null;
    backend.evaluate(field, stage, new float[0], 0, new float[0], colours);
  }

  @Test
  void onlyRaysInUseAreWritten() {
    SceneField field = TestField.LIGHT.create(12);
    RayBatch rays = TestField.rays(13, 2, 12);
    rays.count = 5;
    RenderedRays rendered = new RenderedRays(13);
    backend.render(field, FieldStage.COLOUR, rays, PLAIN.settings(), rendered);
    assertThat(Arrays.copyOfRange(rendered.depth, 0, 5)).doesNotContain(0);
    assertThat(Arrays.copyOfRange(rendered.depth, 5, 13)).containsOnly(0);
    assertThat(Arrays.copyOfRange(rendered.colour, 15, 39)).containsOnly(0);
  }

  @Test
  void twoRunsAreBitIdentical() {
    SceneField field = TestField.PAPER.create(13);
    Batch batch = new Batch(54, 5, settings(9, 4, 3, true));
    Pass first = new Pass(backend, field, 54);
    Pass second = new Pass(backend, field, 54);
    BatchLosses losses = first.run(FieldStage.COLOUR, batch.create(), batch.settings(), TRACKING);
    assertThat(second.run(FieldStage.COLOUR, batch.create(), batch.settings(), TRACKING))
        .isEqualTo(losses);
    assertSame(first, second);
  }

  @Test
  void threadsMayCallAtOnce() throws Exception {
    SceneField field = TestField.PAPER.create(14);
    Batch batch = new Batch(54, 5, settings(9, 4, 0, false));
    Pass alone = new Pass(backend, field, 54);
    BatchLosses losses = alone.run(FieldStage.COLOUR, batch.create(), batch.settings(), MAPPING);
    List<Pass> passes = new ArrayList<>();
    List<Callable<BatchLosses>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Pass pass = new Pass(backend, field, 54);
      passes.add(pass);
      calls.add(() -> pass.run(FieldStage.COLOUR, batch.create(), batch.settings(), MAPPING));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      for (Future<BatchLosses> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(losses);
      }
    }
    passes.forEach(pass -> assertSame(alone, pass));
  }

  private static void assertSame(Pass expected, Pass actual) {
    for (FieldLevel level : FieldLevel.values()) {
      assertThat(TestField.sum(actual.fieldGradient, level, actual.field))
          .isEqualTo(TestField.sum(expected.fieldGradient, level, expected.field));
      assertThat(TestField.sumWeights(actual.fieldGradient, level, actual.field))
          .isEqualTo(TestField.sumWeights(expected.fieldGradient, level, expected.field));
    }
    assertThat(actual.poseGradient.perRay()).isEqualTo(expected.poseGradient.perRay());
    assertThat(actual.rendered.depth).isEqualTo(expected.rendered.depth);
    assertThat(actual.rendered.colour).isEqualTo(expected.rendered.colour);
  }

  @Test
  void addsToTheFieldsGradientAndSetsThePoses() {
    SceneField field = TestField.SMOOTH.create(15);
    RayBatch rays = PLAIN.create();
    Pass once = new Pass(backend, field, rays.count);
    once.run(FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING);
    Pass twice = new Pass(backend, field, rays.count);
    Arrays.fill(twice.poseGradient.perRay(), Float.NaN);
    twice.run(FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING);
    twice.run(FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING);
    assertThat(twice.poseGradient.perRay()).isEqualTo(once.poseGradient.perRay());
    // A second run adds the same numbers to others: each sum rounds once more.
    Parity rounding = new Parity(0, 1e-6);
    for (FieldLevel level : FieldLevel.values()) {
      double[] doubled = TestField.sum(once.fieldGradient, level, field);
      Arrays.setAll(doubled, i -> 2 * doubled[i]);
      rounding.assertGradient(
          level.name(), doubled, TestField.sum(twice.fieldGradient, level, field));
    }
  }

  @ParameterizedTest
  @EnumSource
  void raysThatDoNotCountHaveZeroPoseGradients(FieldStage stage) {
    SceneField field = TestField.SMOOTH.create(16);
    RayBatch rays = TestField.rays(50, 1, 16);
    Pass pass = new Pass(backend, field, 50);
    Arrays.fill(pass.poseGradient.perRay(), Float.NaN);
    Objective noFilter = Objective.tracking(COLOUR_WEIGHT, 0, VARIANCE_FLOOR);
    BatchLosses losses = pass.run(stage, rays, PLAIN.settings(), noFilter);
    int without = 0;
    for (int ray = 0; ray < 50; ray++) {
      float[] twist = Arrays.copyOfRange(pass.poseGradient.perRay(), 6 * ray, 6 * ray + 6);
      if (rays.depth[ray] > 0) {
        assertThat(twist).doesNotContain(Float.NaN).isNotEqualTo(new float[6]);
      } else {
        assertThat(twist).isEqualTo(new float[6]);
        without++;
      }
    }
    assertThat(losses.depthCount()).isEqualTo(50 - without).isLessThan(50);
    assertThat(losses.colourCount()).isEqualTo(stage.readsColour() ? 3 * losses.depthCount() : 0);
    assertThat(losses.outliers()).isZero();
  }

  /** Five rays, each twice: of ten terms the upper median is the second of the middle ray's. */
  @Test
  void outliersLieAboveTheMedianTerm() {
    SceneField field = TestField.SMOOTH.create(24);
    RayBatch rays = TestField.rays(10, 1, 24);
    for (int ray = 0; ray < 10; ray++) {
      rays.directionX[ray] = rays.directionX[ray % 5];
      rays.directionY[ray] = rays.directionY[ray % 5];
      rays.depth[ray] = 0.4f + 0.1f * (ray % 5);
    }
    Objective tracking = Objective.tracking(COLOUR_WEIGHT, 1, VARIANCE_FLOOR);
    BatchLosses losses =
        backend.backward(
            field, FieldStage.COLOUR, rays, PLAIN.settings(), tracking, null, null, null);
    assertThat(losses.depthCount()).isEqualTo(10);
    assertThat(losses.outliers()).isEqualTo(4);
  }

  @Test
  void gradientsOfBlocksNotActivatedAreDropped() {
    SceneField field = TestField.SMOOTH.complete().create(17);
    RayBatch rays = PLAIN.create();
    Pass all = new Pass(backend, field, rays.count);
    all.run(FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING);
    FieldGradient some = new FieldGradient(backend.lanes());
    some.activate(FieldLevel.FINE, field.fine(), 5);
    backend.backward(field, FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING, some, null, null);
    int length = FeatureGrid.BLOCK_VOXELS * field.fine().channels();
    double[] kept = TestField.sum(some, FieldLevel.FINE, field);
    double[] full = TestField.sum(all.fieldGradient, FieldLevel.FINE, field);
    assertThat(Arrays.copyOfRange(kept, 5 * length, 6 * length))
        .isEqualTo(Arrays.copyOfRange(full, 5 * length, 6 * length))
        .isNotEqualTo(new double[length]);
    assertThat(Arrays.copyOfRange(kept, 0, 5 * length)).containsOnly(0);
    assertThat(TestField.sum(some, FieldLevel.MID, field)).containsOnly(0);
    assertThat(TestField.sumWeights(some, FieldLevel.COLOUR, field)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void weightsNeedNoBlocks(FieldLevel level) {
    SceneField field = TestField.SMOOTH.create(23);
    RayBatch rays = PLAIN.create();
    FieldStage stage = level == FieldLevel.COARSE ? FieldStage.COARSE : FieldStage.COLOUR;
    Pass all = new Pass(backend, field, rays.count);
    all.run(stage, rays, PLAIN.settings(), MAPPING);
    FieldGradient some = new FieldGradient(backend.lanes());
    some.activateWeights(level, field.decoder(level));
    backend.backward(field, stage, rays, PLAIN.settings(), MAPPING, some, null, null);
    double[] kept = TestField.sumWeights(some, level, field);
    assertThat(kept)
        .isEqualTo(TestField.sumWeights(all.fieldGradient, level, field))
        .isNotEqualTo(new double[kept.length]);
  }

  @Test
  void lossesNeedNoGradientsNorOutputs() {
    SceneField field = TestField.SMOOTH.create(18);
    RayBatch rays = PLAIN.create();
    Pass pass = new Pass(backend, field, rays.count);
    BatchLosses losses = pass.run(FieldStage.COLOUR, rays, PLAIN.settings(), TRACKING);
    assertThat(
            backend.backward(
                field, FieldStage.COLOUR, rays, PLAIN.settings(), TRACKING, null, null, null))
        .isEqualTo(losses);
  }

  @Test
  void aFeatureThatIsNotANumberPassesThrough() {
    SceneField field = TestField.SMOOTH.complete().create(19);
    Arrays.fill(field.fine().blockToChange(3), Float.NaN);
    RayBatch rays = TestField.rays(50, 50, 19);
    RenderedRays expected = new RenderedRays(50);
    oracle.render(field, FieldStage.FINE, rays, PLAIN.settings(), expected);
    Pass pass = new Pass(backend, field, 50);
    BatchLosses losses = pass.run(FieldStage.FINE, rays, PLAIN.settings(), TRACKING);
    assertThat(losses.total()).isNaN();
    int touched = 0;
    for (int ray = 0; ray < 50; ray++) {
      boolean nan = Float.isNaN(expected.depth[ray]);
      touched += nan ? 1 : 0;
      assertThat(Float.isNaN(pass.rendered.depth[ray])).as("ray %d", ray).isEqualTo(nan);
      if (nan && rays.depth[ray] > 0) {
        assertThat(pass.poseGradient.perRay()[6 * ray]).as("ray %d", ray).isNaN();
      }
    }
    assertThat(touched).isBetween(1, 49);
    assertThat(TestField.sum(pass.fieldGradient, FieldLevel.FINE, field)).contains(Double.NaN);
  }

  @Test
  void aPoseThatIsNotANumberPassesThrough() {
    SceneField field = TestField.SMOOTH.create(20);
    RayBatch rays = TestField.rays(13, 13, 20);
    SE3 nan = new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, Double.NaN, 0, 0);
    rays.poses[0] = nan;
    Pass pass = new Pass(backend, field, 13);
    assertThat(pass.run(FieldStage.COLOUR, rays, PLAIN.settings(), MAPPING).total()).isNaN();
    assertThat(pass.rendered.depth[0]).isNaN();
    assertThat(Arrays.copyOfRange(pass.rendered.depth, 1, 13)).doesNotContain(Float.NaN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 702})
  void adamIsTheOracles(int size) {
    AdamArrays expected = new AdamArrays(size, 21);
    AdamArrays actual = new AdamArrays(size, 21);
    for (int t = 1; t <= 3; t++) {
      AdamStep step = new AdamStep(0.005, t);
      expected.step(oracle, step, null);
      actual.step(backend, step, null);
    }
    expected.assertClose(actual);
  }

  @Test
  void adamChangesOnlyWhatTheMaskNames() {
    int group = 8;
    AdamArrays before = new AdamArrays(64 * 2 * group, 22);
    AdamArrays expected = new AdamArrays(64 * 2 * group, 22);
    AdamArrays actual = new AdamArrays(64 * 2 * group, 22);
    long[] mask = {0x8000_0000_0000_0005L, 0x00ff_0000_1234_5678L};
    AdamStep step = new AdamStep(0.1, 1);
    expected.step(oracle, step, mask);
    actual.step(backend, step, mask);
    expected.assertClose(actual);
    for (int i = 0; i < before.parameters.length; i++) {
      int bit = i / group;
      boolean may = (mask[bit / 64] >>> (bit % 64) & 1) != 0;
      assertThat(actual.parameters[i] != before.parameters[i]).as("%d", i).isEqualTo(may);
      assertThat(actual.first[i] != before.first[i]).as("%d", i).isEqualTo(may);
      assertThat(actual.second[i] != before.second[i]).as("%d", i).isEqualTo(may);
    }
  }

  @Test
  void adamsFirstStepIsTheLearningRateAgainstTheGradient() {
    float[] parameters = {1, 1, 1, 1};
    float[][] gradients = {{2, -0.5f, 1e-16f, Float.NaN}};
    float[] first = new float[4];
    float[] second = new float[4];
    backend.adam(new AdamStep(0.01, 1), parameters, gradients, first, second, null);
    // m^ / sqrt(v^) is the gradient's sign, to float rounding of 1.
    assertThat(parameters[0]).isEqualTo(0.99f, Offset.offset(1e-6f));
    assertThat(parameters[1]).isEqualTo(1.01f, Offset.offset(1e-6f));
    assertThat(parameters[2]).as("a tiny gradient counts as zero").isEqualTo(1f);
    assertThat(first[2]).isZero();
    assertThat(second[2]).isZero();
    assertThat(parameters[3]).isNaN();
  }

  /** Arrays of one Adam call with gradients in three lanes. */
  private static final class AdamArrays {
    final float[] parameters;
    final float[][] gradients;
    final float[] first;
    final float[] second;

    AdamArrays(int size, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      parameters = gaussians(size, random);
      gradients =
          new float[][] {gaussians(size, random), gaussians(size, random), gaussians(size, random)};
      first = gaussians(size, random);
      second = gaussians(size, random);
      for (int i = 0; i < size; i++) {
        second[i] *= second[i];
      }
    }

    void step(ComputeBackend backend, AdamStep step, long[] mask) {
      backend.adam(step, parameters, gradients, first, second, mask);
    }

    /** Values of order 1, a dozen float operations each: some 1e-6. */
    void assertClose(AdamArrays actual) {
      Parity rounding = new Parity(1e-5, 0);
      rounding.assertValues("parameters", parameters, actual.parameters);
      rounding.assertValues("first moments", first, actual.first);
      rounding.assertValues("second moments", second, actual.second);
    }

    private static float[] gaussians(int size, SplittableRandom random) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }
}
