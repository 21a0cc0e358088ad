package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against central differences: part of {@link ComputeBackendContract}. */
abstract class GradientContract extends ParityContract {
  /**
   * Largest difference of a gradient from the central differences' relative to its length, both
   * Euclidean: by default what parity with the oracle allows.
   */
  protected double gradientTolerance(TestField field) {
    return Parity.of(field).gradient();
  }

  static Stream<Arguments> gradientCheckedLevels() {
    return completeFieldsAndStages()
        .flatMap(
            of ->
                levels((TestField) of.get()[0], (FieldStage) of.get()[1])
                    .map(level -> Arguments.of(of.get()[0], of.get()[1], level)));
  }

  static Stream<Arguments> gradientCheckedFeatures() {
    return gradientCheckedLevels().filter(of -> ((TestField) of.get()[0]).channels() > 0);
  }

  @ParameterizedTest
  @MethodSource("gradientCheckedFeatures")
  void featureGradientsAreTheCentralDifferences(
      TestField kind, FieldStage stage, FieldLevel level) {
    // Only a fine decoder that gives mid no weight has the gradient it is defined to have.
    SceneField field =
        level == FieldLevel.MID ? TestField.withoutMidInFine(kind.create(6)) : kind.create(6);
    RayBatch rays = PLAIN.create();
    Pass pass = new Pass(backend, field, rays.count);
    pass.run(stage, rays, PLAIN.settings(), MAPPING);
    NumericalGradient numerical =
        new NumericalGradient(field, stage, rays, PLAIN.settings(), MAPPING, BatchLosses::total);

    FeatureGrid grid = field.grid(level);
    SplittableRandom random = new SplittableRandom(6);
    double[] expected = new double[30];
    double[] actual = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      Feature feature = featureOnARay(grid, rays, i % rays.count, random);
      expected[i] = numerical.byFloat(grid.block(feature.block()), feature.at());
      for (int lane = 0; lane < backend.lanes(); lane++) {
        actual[i] += pass.fieldGradient.block(level, lane, feature.block())[feature.at()];
      }
    }
    assertThat(expected).as("all of them zero").isNotEqualTo(new double[expected.length]);
    new Parity(0, gradientTolerance(kind)).assertGradient(level + " features", expected, actual);
  }

  private record Feature(int block, int at) {}

  /** A random channel of the vertex nearest to a random point of a ray in the field's box. */
  private static Feature featureOnARay(
      FeatureGrid grid, RayBatch rays, int ray, SplittableRandom random) {
    int block = -1;
    int vertex = 0;
    while (block < 0) {
      double z = random.nextDouble(0.05, 0.6);
      SE3 pose = rays.poses[rays.pose[ray]];
      double[] p = pose.apply(z * rays.directionX[ray], z * rays.directionY[ray], z);
      int[] index = new int[3];
      for (int axis = 0; axis < 3; axis++) {
        index[axis] = (int) Math.round(p[axis] / grid.voxelEdge());
      }
      block = grid.blockAt(index[0] >> 3, index[1] >> 3, index[2] >> 3);
      vertex = ((index[2] & 7) * 8 + (index[1] & 7)) * 8 + (index[0] & 7);
    }
    return new Feature(block, vertex * grid.channels() + random.nextInt(grid.channels()));
  }

  /** The levels that a stage reads. */
  private static Stream<FieldLevel> levels(TestField kind, FieldStage stage) {
    if (kind.isJoint()) {
      return Stream.of(FieldLevel.COLOUR);
    }
    return switch (stage) {
      case COARSE -> Stream.of(FieldLevel.COARSE);
      case MID -> Stream.of(FieldLevel.MID);
      case FINE -> Stream.of(FieldLevel.MID, FieldLevel.FINE);
      case COLOUR -> Stream.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR);
    };
  }

  static Stream<TestField> completeFields() {
    return TestField.all().stream().map(TestField::complete);
  }

  @ParameterizedTest
  @MethodSource("gradientCheckedLevels")
  void weightGradientsAreTheCentralDifferences(TestField kind, FieldStage stage, FieldLevel level) {
    SceneField field = kind.create(7);
    RayBatch rays = PLAIN.create();
    Pass pass = new Pass(backend, field, rays.count);
    pass.run(stage, rays, PLAIN.settings(), MAPPING);
    NumericalGradient numerical =
        new NumericalGradient(field, stage, rays, PLAIN.settings(), MAPPING, BatchLosses::total);
    assertWeightGradient(
        kind, level, field, pass.fieldGradient, at -> numerical.byFloat(weights(field, level), at));
  }

  static float[] weights(SceneField field, FieldLevel level) {
    return field.decoder(level).weights();
  }

  /** Compares some of a level's weights' gradient with what {@code derivative} gives by index. */
  void assertWeightGradient(
      TestField kind,
      FieldLevel level,
      SceneField field,
      FieldGradient gradient,
      IntToDoubleFunction derivative) {
    double[] all = TestField.sumWeights(gradient, level, field);
    double[] expected = Arrays.stream(checkedWeights(all.length)).mapToDouble(derivative).toArray();
    double[] actual = Arrays.stream(checkedWeights(all.length)).mapToDouble(i -> all[i]).toArray();
    assertThat(expected).as("all of them zero").isNotEqualTo(new double[expected.length]);
    new Parity(0, gradientTolerance(kind)).assertGradient(level + " weights", expected, actual);
  }

  /** Strides through every matrix and bias of a flat array, and its end, the output's biases. */
  static int[] checkedWeights(int count) {
    return IntStream.range(0, 40)
        .map(i -> i < 3 ? count - 1 - i : (int) ((long) i * count / 41))
        .toArray();
  }

  static Stream<Arguments> completeFieldsAndStages() {
    return completeFields()
        .flatMap(field -> field.stages().stream().map(s -> Arguments.of(field, s)));
  }

  @ParameterizedTest
  @MethodSource("completeFieldsAndStages")
  void poseGradientsAreTheCentralDifferences(TestField kind, FieldStage stage) {
    SceneField field = TestField.withoutMidInFine(kind.create(8));
    RayBatch rays = PLAIN.create();
    Pass pass = new Pass(backend, field, rays.count);
    pass.run(stage, rays, PLAIN.settings(), MAPPING);
    NumericalGradient numerical =
        new NumericalGradient(field, stage, rays, PLAIN.settings(), MAPPING, BatchLosses::total);
    // Every ray has a pose of its own, so that a pose's differences are its ray's.
    double[] expected = new double[6 * rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      System.arraycopy(numerical.byPoseOf(ray), 0, expected, 6 * ray, 6);
    }
    assertTwists(kind, expected, pass);
  }

  /**
   * The tracking loss's gradient holds variances and the choice of outliers fixed, so its
   * differences are those of the plain sums, weighted.
   */
  @ParameterizedTest
  @MethodSource("completeFields")
  void trackingGradientsHoldVariancesAndOutliersFixed(TestField kind) {
    SceneField field = TestField.withoutMidInFine(kind.create(9));
    RayBatch rays = PLAIN.create();
    // Low: half of so few rays' terms lie above the median, and one must be an outlier.
    Objective tracking = Objective.tracking(0.5f, 1.05f, VARIANCE_FLOOR);
    Pass pass = new Pass(backend, field, rays.count);
    BatchLosses losses = pass.run(FieldStage.COLOUR, rays, PLAIN.settings(), tracking);
    RenderedRays rendered = new RenderedRays(rays.count);
    oracle.render(field, FieldStage.COLOUR, rays, PLAIN.settings(), rendered);
    double threshold = tracking.outlierFactor() * upperMedianDepthTerm(rays, rendered);
    double[] expected = new double[6 * rays.count];
    int outliers = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      if (rays.depth[ray] > 0 && depthTerm(rays, rendered, ray) > threshold) {
        outliers++;
      } else if (rays.depth[ray] > 0) {
        double scale = Math.sqrt(rendered.variance[ray] + VARIANCE_FLOOR);
        double[] twist =
            new NumericalGradient(
                    field,
                    FieldStage.COLOUR,
                    rays,
                    PLAIN.settings(),
                    MAPPING,
                    l -> l.depthAbsSum() / scale + tracking.colourWeight() * l.colourAbsSum())
                .byPoseOf(ray);
        System.arraycopy(twist, 0, expected, 6 * ray, 6);
      }
    }
    assertTwists(kind, expected, pass);
    assertThat(losses.outliers()).isEqualTo(outliers).isPositive();
  }

  private void assertTwists(TestField kind, double[] expected, Pass pass) {
    new Parity(0, gradientTolerance(kind))
        .assertGradient("poses", expected, Parity.doubles(pass.poseGradient.perRay()));
  }

  private static double depthTerm(RayBatch rays, RenderedRays rendered, int ray) {
    return Math.abs(rendered.depth[ray] - rays.depth[ray])
        / Math.sqrt(rendered.variance[ray] + VARIANCE_FLOOR);
  }

  private static double upperMedianDepthTerm(RayBatch rays, RenderedRays rendered) {
    List<Double> terms = new ArrayList<>();
    for (int ray = 0; ray < rays.count; ray++) {
      if (rays.depth[ray] > 0) {
        terms.add(depthTerm(rays, rendered, ray));
      }
    }
    Collections.sort(terms);
    return terms.get(terms.size() / 2);
  }

  @Test
  void midIsNotDifferentiatedThroughTheFineDecoder() {
    SceneField field = TestField.SMOOTH.complete().create(10);
    // The mid decoder says the same everywhere; the fine decoder reads nothing but mid's feature.
    zeroOutput(field.midDecoder());
    SceneField midOnly = TestField.withFineDecoder(field, readingMidOnly(field));
    RayBatch rays = PLAIN.create();
    Pass pass = new Pass(backend, midOnly, rays.count);
    BatchLosses losses = pass.run(FieldStage.FINE, rays, PLAIN.settings(), MAPPING);
    assertThat(TestField.sum(pass.fieldGradient, FieldLevel.MID, midOnly)).containsOnly(0);
    assertThat(TestField.sum(pass.fieldGradient, FieldLevel.FINE, midOnly)).containsOnly(0);
    assertThat(pass.poseGradient.perRay()).containsOnly(0);

    for (int block = 0; block < midOnly.mid().blockCount(); block++) {
      Arrays.fill(midOnly.mid().blockToChange(block), 0f);
    }
    assertThat(pass.run(FieldStage.FINE, rays, PLAIN.settings(), MAPPING).total())
        .as("the mid feature counts")
        .isNotEqualTo(losses.total());
  }

  private static void zeroOutput(Decoder decoder) {
    int from = decoder.shape().outputWeightOffset();
    Arrays.fill(decoder.weights(), from, decoder.shape().outputBiasOffset(), 0f);
  }

  /** The field's fine decoder without weights on the encoding and the fine feature. */
  private static Decoder readingMidOnly(SceneField field) {
    Decoder fine = field.fineDecoder().copy();
    Decoder.Shape shape = fine.shape();
    for (int row = 0; row < shape.hidden(); row++) {
      for (int block : new int[] {0, shape.skipAfter() + 1}) {
        int at = shape.weightOffset(block) + row * shape.blockInputs(block);
        Arrays.fill(fine.weights(), at, at + shape.inputSize(), 0f);
      }
      for (int block = 0; block < shape.blocks(); block++) {
        int at = shape.featureWeightOffset(block) + row * shape.featureChannels();
        Arrays.fill(fine.weights(), at, at + field.fine().channels(), 0f);
      }
    }
    return fine;
  }
}
