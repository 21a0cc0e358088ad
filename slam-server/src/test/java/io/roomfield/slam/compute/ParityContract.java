package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Parity with the oracle, and what the other parts of {@link ComputeBackendContract} share:
 * batches, objectives and the backend under test.
 */
abstract class ParityContract {
  static final float COLOUR_WEIGHT = 0.2f;

  /** Low enough for random fields to have outliers. */
  static final float OUTLIER_FACTOR = 1.25f;

  /**
   * Square metres. A backend that stops compositing may be 1e-4 m^2 off in a ray's variance; this
   * keeps what the depth term makes of it below a percent.
   */
  static final float VARIANCE_FLOOR = 0.04f;

  static final Objective MAPPING = Objective.mapping(COLOUR_WEIGHT);
  static final Objective TRACKING = Objective.tracking(0.5f, OUTLIER_FACTOR, VARIANCE_FLOOR);

  /**
   * How much further a tracking term is off than its depth and variance are: {@code 1 / sqrt(floor)
   * = 5} for the one and {@code floor^-1.5 / 2 = 63} for the other at a residual of 1 m.
   */
  private static final double TRACKING_TERM_SCALE = 68;

  final ScalarBackend oracle = new ScalarBackend();
  ComputeBackend backend;

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

  /** A batch's sizes; {@code rays * settings.samples()} points. */
  record Batch(int rays, int poses, RenderSettings settings) {
    RayBatch create() {
      return TestField.rays(rays, poses, 31L * rays + settings.samples());
    }
  }

  static final Batch PLAIN = new Batch(9, 9, settings(8, 3, 0, false));

  /** Awkward sizes: 2, 13, 27, 207, 350 and 702 points, and 13 rays with an importance pass. */
  static List<Batch> batches() {
    return List.of(
        new Batch(1, 1, settings(2, 0, 0, false)),
        new Batch(1, 1, settings(13, 0, 0, true)),
        new Batch(3, 3, settings(5, 4, 0, true)),
        new Batch(9, 2, settings(16, 7, 0, false)),
        new Batch(50, 4, settings(5, 2, 0, true)),
        new Batch(54, 5, settings(9, 4, 0, false)),
        new Batch(13, 2, settings(8, 3, 4, true)),
        new Batch(3, 1, new RenderSettings(7, 1, 0, false, true)));
  }

  static RenderSettings settings(int stratified, int surface, int importance, boolean perturb) {
    return new RenderSettings(stratified, surface, importance, perturb, false);
  }

  static Stream<Arguments> fieldsAndStages() {
    return TestField.all().stream()
        .flatMap(field -> field.stages().stream().map(s -> Arguments.of(field, s)));
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStages")
  void rendersAsTheOracle(TestField kind, FieldStage stage) {
    SceneField field = kind.create(1);
    for (Batch batch : batches()) {
      RayBatch rays = batch.create();
      RenderedRays expected = new RenderedRays(rays.count);
      RenderedRays actual = new RenderedRays(rays.count);
      oracle.render(field, stage, rays, batch.settings(), expected);
      backend.render(field, stage, rays, batch.settings(), actual);
      Parity.of(kind).assertRendered(expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStages")
  void mappingGradientsAreTheOracles(TestField kind, FieldStage stage) {
    assertBackwardParity(kind, stage, MAPPING);
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStages")
  void trackingGradientsAreTheOracles(TestField kind, FieldStage stage) {
    assertBackwardParity(kind, stage, TRACKING);
  }

  private void assertBackwardParity(TestField kind, FieldStage stage, Objective objective) {
    SceneField field = kind.create(2);
    for (Batch batch : batches()) {
      assertBackwardParity(kind, field, stage, batch, objective);
    }
  }

  private void assertBackwardParity(
      TestField kind, SceneField field, FieldStage stage, Batch batch, Objective objective) {
    RayBatch rays = batch.create();
    Pass expected = new Pass(oracle, field, rays.count);
    Pass actual = new Pass(backend, field, rays.count);
    BatchLosses expectedLosses = expected.run(stage, rays, batch.settings(), objective);
    BatchLosses actualLosses = actual.run(stage, rays, batch.settings(), objective);
    Parity parity = Parity.of(kind);
    parity.assertRendered(expected.rendered, actual.rendered);
    parity.assertLosses(
        expectedLosses, actualLosses, objective.uncertaintyWeighted() ? TRACKING_TERM_SCALE : 1);
    parity.assertFieldGradients(field, expected.fieldGradient, actual.fieldGradient);
    parity.assertPoseGradients(expected.poseGradient, actual.poseGradient);
  }

  /**
   * More samples of a ray (75, a third pass of a group of 32 threads), rays of a batch (300, more
   * than a block's 256) and points of a call (4200, more than the emulated device takes at once).
   */
  static List<Batch> largeBatches() {
    return List.of(
        new Batch(3, 2, settings(24, 16, 35, true)), new Batch(300, 4, settings(9, 5, 0, false)));
  }

  @ParameterizedTest
  @MethodSource("largeBatches")
  void largeBatchesAreTheOracles(Batch batch) {
    SceneField field = TestField.LIGHT.create(41);
    assertBackwardParity(TestField.LIGHT, field, FieldStage.COLOUR, batch, TRACKING);
  }

  /** Outputs of one backward pass that wants everything. */
  static final class Pass {
    final ComputeBackend backend;
    final SceneField field;
    final FieldGradient fieldGradient;
    final PoseGradient poseGradient;
    final RenderedRays rendered;

    Pass(ComputeBackend backend, SceneField field, int rays) {
      this.backend = backend;
      this.field = field;
      fieldGradient = TestField.gradient(field, backend.lanes());
      poseGradient = new PoseGradient(rays);
      rendered = new RenderedRays(rays);
    }

    BatchLosses run(FieldStage stage, RayBatch rays, RenderSettings settings, Objective objective) {
      return backend.backward(
          field, stage, rays, settings, objective, fieldGradient, poseGradient, rendered);
    }
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStages")
  void evaluatesAsTheOracle(TestField kind, FieldStage stage) {
    SceneField field = kind.create(3);
    for (int count : new int[] {1, 13, 207, 702}) {
      assertEvaluateParity(kind, field, stage, TestField.points(count, count));
    }
  }

  @ParameterizedTest
  @MethodSource("fieldsAndStages")
  void evaluatesOnAndAcrossBlockBorders(TestField kind, FieldStage stage) {
    SceneField field = kind.create(4);
    double[] voxels = {-8, -1, -0.5, -1e-3, 0, 0.5, 1, 7, 7.5, 8};
    float[] points = new float[3 * voxels.length * voxels.length];
    for (int i = 0; i < points.length / 3; i++) {
      double voxelEdge = TestField.MID_EDGE;
      points[3 * i] = (float) (TestField.CENTRE_X + voxelEdge * voxels[i % voxels.length]);
      points[3 * i + 1] = (float) (TestField.CENTRE_Y + voxelEdge * voxels[i / voxels.length]);
      points[3 * i + 2] = (float) (voxelEdge * voxels[(i + i / voxels.length) % voxels.length]);
    }
    assertEvaluateParity(kind, field, stage, points);
  }

  void assertEvaluateParity(TestField kind, SceneField field, FieldStage stage, float[] points) {
    int count = points.length / 3;
    float[] expected = new float[count];
    float[] actual = new float[count];
    float[] expectedColours = stage.readsColour() ? new float[3 * count] : null;
    float[] actualColours = stage.readsColour() ? new float[3 * count] : null;
    oracle.evaluate(field, stage, points, count, expected, expectedColours);
    backend.evaluate(field, stage, points, count, actual, actualColours);
    Parity.of(kind).assertValues("logits", expected, actual);
    if (stage.readsColour()) {
      Parity.of(kind).assertValues("colours", expectedColours, actualColours);
    }
  }

  @Test
  void blocksThatAreMissingAreZeroFeatures() {
    SceneField field = TestField.SMOOTH.create(5);
    float[] outside = {100, 100, 100};
    FeatureGrid empty = new FeatureGrid(field.mid().voxelEdge(), field.mid().channels(), 0.3f, 1);
    SceneField without =
        new SceneField(
            field.coarse(),
            empty,
            field.fine(),
            field.colour(),
            field.coarseDecoder(),
            field.midDecoder(),
            field.fineDecoder(),
            field.colourDecoder());
    float[] far = new float[1];
    float[] farWithout = new float[1];
    backend.evaluate(field, FieldStage.FINE, outside, 1, far, null);
    backend.evaluate(without, FieldStage.FINE, outside, 1, farWithout, null);
    assertThat(far).containsExactly(farWithout);
    assertEvaluateParity(TestField.SMOOTH, without, FieldStage.COLOUR, TestField.points(13, 5));
  }
}
