package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Mapper;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoders in half precision: how far from float32 they are, and that they are repeatable. */
class CudaHalfTest {
  /** No whole number of tiles. */
  private static final int POINTS = 333;

  private static final RenderSettings SETTINGS = new RenderSettings(8, 3, 0, true, false);

  /** The largest relative error of rounding to 11 bits. */
  private static final double HALF_ROUNDING = 0x1p-11;

  /**
   * Of gradients, relative to their length. A rectifier whose sum lies within a rounding of zero
   * flips with its whole share, about one in a thousand; of 330 points with 32 to 480 of them that
   * is some per cent of a gradient's length. Measured: 2.4e-2 at most, for the compact field's
   * poses.
   */
  private static final double GRADIENT = 5e-2;

  private final ComputeBackend oracle = new ScalarBackend();
  private CudaBackend half;

  @BeforeEach
  void open() {
    EmulatedDriver.use();
    half = CudaBackend.openHalf(1);
  }

  @AfterEach
  void close() {
    half.close();
  }

  /**
   * All, and one whose layers are more than one chunk of 32 outputs, and no whole number of them.
   */
  static List<TestField> fields() {
    List<TestField> fields = new ArrayList<>(TestField.all());
    fields.add(new TestField(48, 3, 0, 20, 24, 5, 0.1, -0.35, 0.15));
    return fields;
  }

  /**
   * Every product has two rounded factors; a layer's error so is at most two roundings of the sum's
   * terms, and layers' errors, of independent signs, add up in quadrature: to that times the root
   * of the number of layers, of the largest value there is. Measured: a quarter of it or less.
   */
  private static double tolerance(TestField of, float[] expected) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    return 2 * HALF_ROUNDING * Math.sqrt(of.blocks() + 1) * largest;
  }

  @ParameterizedTest
  @MethodSource("fields")
  void valuesAreTheOraclesToTheRoundingOfTheirLayers(TestField of) {
    SceneField field = of.create(1);
    float[] points = TestField.points(POINTS, 3);
    for (FieldStage stage : of.stages()) {
      float[] expected = new float[POINTS];
      float[] actual = new float[POINTS];
      float[] expectedColours = stage.readsColour() ? new float[3 * POINTS] : null;
      float[] actualColours = stage.readsColour() ? new float[3 * POINTS] : null;
      oracle.evaluate(field, stage, points, POINTS, expected, expectedColours);
      half.evaluate(field, stage, points, POINTS, actual, actualColours);
      assertClose(stage + " logit", expected, actual, tolerance(of, expected));
      if (stage.readsColour()) {
        assertClose("colour", expectedColours, actualColours, tolerance(of, expectedColours));
      }
    }
  }

  private static void assertClose(String what, float[] expected, float[] actual, double within) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .as("%s[%d]", what, i)
          .isEqualTo(expected[i], Offset.offset((float) within));
      largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
    }
    // In float32 the same are within 2e-6 of each other.
    assertThat(largest).as("%s: the largest difference", what).isGreaterThan(5e-6);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void gradientsAreNearTheOracles(TestField of) {
    SceneField field = of.create(2);
    RayBatch rays = TestField.rays(30, 3, 2);
    FieldGradient expected = TestField.gradient(field, 1);
    FieldGradient actual = TestField.gradient(field, 1);
    PoseGradient expectedPoses = new PoseGradient(30);
    PoseGradient actualPoses = new PoseGradient(30);
    backward(oracle, field, rays, expected, expectedPoses);
    backward(half, field, rays, actual, actualPoses);
    for (FieldLevel level : FieldLevel.values()) {
      assertNear(
          level + " features",
          TestField.sum(expected, level, field),
          TestField.sum(actual, level, field));
      assertNear(
          level + " weights",
          TestField.sumWeights(expected, level, field),
          TestField.sumWeights(actual, level, field));
    }
    assertNear("poses", doubles(expectedPoses.perRay()), doubles(actualPoses.perRay()));
  }

  private static void backward(
      ComputeBackend backend,
      SceneField field,
      RayBatch rays,
      FieldGradient gradient,
      PoseGradient poses) {
    backend.backward(
        field, FieldStage.COLOUR, rays, SETTINGS, Objective.mapping(0.2f), gradient, poses, null);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static void assertNear(String what, double[] expected, double[] actual) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      length += expected[i] * expected[i];
    }
    assertThat(Math.sqrt(difference)).as(what).isLessThanOrEqualTo(GRADIENT * Math.sqrt(length));
  }

  /** Whatever the order of threads, blocks and lanes. */
  @Test
  void resultsAreRepeatableToTheBit() {
    SceneField field = TestField.PAPER.create(3);
    RayBatch rays = TestField.rays(30, 3, 3);
    double[][] first = null;
    for (int seed = 0; seed < 3; seed++) {
      if (!EmulatedDriver.isReal()) {
        EmulatedDriver.setSeed(seed);
      }
      FieldGradient gradient = TestField.gradient(field, 1);
      PoseGradient poses = new PoseGradient(30);
      backward(half, field, rays, gradient, poses);
      double[][] results = {
        TestField.sum(gradient, FieldLevel.MID, field),
        TestField.sumWeights(gradient, FieldLevel.COLOUR, field),
        doubles(poses.perRay())
      };
      first = first == null ? results : first;
      assertThat(results).isDeepEqualTo(first);
    }
  }

  @Test
  void aPointThatIsNoNumberHarmsNoOther() {
    SceneField field = TestField.SMOOTH.create(4);
    float[] points = TestField.points(POINTS, 4);
    float[] expected = new float[POINTS];
    half.evaluate(field, FieldStage.FINE, points, POINTS, expected, null);
    points[3 * 40 + 1] = Float.NaN;
    float[] actual = new float[POINTS];
    half.evaluate(field, FieldStage.FINE, points, POINTS, actual, null);
    assertThat(actual[40]).isNaN();
    expected[40] = Float.NaN;
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void isAskedForByNameAndTellsSo() {
    try (ComputeBackend backend = ComputeBackends.open("cuda:half", 1)) {
      assertThat(backend.name()).isEqualTo("cuda:half");
      assertThat(backend.description()).startsWith("cuda:half (");
    }
  }

  /** What half precision costs where a map was learned: a wall, a box and a ball from one view. */
  private static final class LearnedRoom implements AutoCloseable {
    final ComputeBackend vector = SmallRoom.backend();
    final SE3 pose = SmallRoom.pose(0);
    final SceneField field;
    final RayBatch rays = rays(SmallRoom.frame(0), pose);

    LearnedRoom() {
      Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(120, 10), vector);
      mapper.map(mapper.keyframes().add(SmallRoom.frame(0), pose), pose);
      field = mapper.map().orElseThrow().field();
    }

    /** Every fourth pixel of every fourth row. */
    private static RayBatch rays(RgbdFrame frame, SE3 pose) {
      PinholeCamera camera = SmallRoom.CAMERA;
      RayBatch rays = new RayBatch(camera.width() * camera.height() / 16);
      rays.poses = new SE3[] {pose};
      rays.frameMaxDepth = new float[] {4};
      for (int v = 0; v < camera.height(); v += 4) {
        for (int u = 0; u < camera.width(); u += 4) {
          int i = rays.count++;
          rays.directionX[i] = (float) ((u - camera.cx()) / camera.fx());
          rays.directionY[i] = (float) ((v - camera.cy()) / camera.fy());
          rays.depth[i] = frame.depthMetres()[v * camera.width() + u];
        }
      }
      return rays;
    }

    /** {@code [count, 3]} points up to a tenth of a metre before and behind what pixels show. */
    float[] nearSurfaces(int count) {
      SplittableRandom random = new SplittableRandom(1);
      float[] points = new float[3 * count];
      for (int i = 0; i < count; i++) {
        int ray = random.nextInt(rays.count);
        double z = rays.depth[ray] + random.nextDouble(-0.1, 0.1);
        double[] point = pose.apply(rays.directionX[ray] * z, rays.directionY[ray] * z, z);
        for (int axis = 0; axis < 3; axis++) {
          points[3 * i + axis] = (float) point[axis];
        }
      }
      return points;
    }

    @Override
    public void close() {
      vector.close();
    }
  }

  /** Measured: the map is off by 26 mm a ray, and the two by 0.8 mm, by 11 mm at most. */
  @Test
  void renderedDepthIsOffByATenthOfTheMapsOwnErrorAtMost() {
    try (LearnedRoom room = new LearnedRoom()) {
      int count = room.rays.count;
      RenderedRays expected = new RenderedRays(count);
      RenderedRays actual = new RenderedRays(count);
      RenderSettings settings = SmallRoom.SETTINGS;
      room.vector.render(room.field, FieldStage.COLOUR, room.rays, settings, expected);
      half.render(room.field, FieldStage.COLOUR, room.rays, settings, actual);
      double own = meanDifference(room.rays.depth, expected.depth);
      assertThat(own).isBetween(0.005, 0.1);
      assertThat(meanDifference(expected.depth, actual.depth)).isLessThan(0.1 * own);
      assertThat(meanDifference(room.rays.depth, actual.depth)).isLessThan(1.1 * own);
    }
  }

  private static double meanDifference(float[] expected, float[] actual) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs(actual[i] - expected[i]);
    }
    return sum / expected.length;
  }

  /** Measured: 15 points of 5000 change sides, and occupancies differ by 0.003 in the mean. */
  @Test
  void oneInAHundredPointsNearASurfaceChangesSidesAtMost() {
    int count = 5000;
    float[] expected = new float[count];
    float[] actual = new float[count];
    try (LearnedRoom room = new LearnedRoom()) {
      float[] points = room.nearSurfaces(count);
      room.vector.evaluate(room.field, FieldStage.FINE, points, count, expected, null);
      half.evaluate(room.field, FieldStage.FINE, points, count, actual, null);
    }
    int changed = 0;
    int occupied = 0;
    double difference = 0;
    for (int i = 0; i < count; i++) {
      occupied += expected[i] > 0 ? 1 : 0;
      changed += expected[i] > 0 == actual[i] > 0 ? 0 : 1;
      difference += Math.abs(occupancy(actual[i]) - occupancy(expected[i])) / count;
    }
    assertThat(occupied).as("occupied ones").isBetween(count / 5, 4 * count / 5);
    assertThat(changed).isLessThan(count / 100);
    assertThat(difference).isLessThan(0.01);
  }

  private static double occupancy(float logit) {
    return 1 / (1 + Math.exp(-FieldStage.OCCUPANCY_SHARPNESS * logit));
  }
}
