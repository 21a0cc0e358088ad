package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend's {@link FieldOptimizer} must do: rounds of iterations that change a field as
 * the oracle's do, and leave the rest of it alone.
 */
public abstract class OptimizerContract {
  private static final double RATE = 0.01;
  private static final double DECODER_RATE = 0.005;
  private static final Objective OBJECTIVE = Objective.mapping(0.2f);
  private static final RenderSettings SETTINGS = new RenderSettings(8, 3, 0, true, false);
  private static final List<FieldLevel> LEVELS =
      List.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR);

  /**
   * A step is the rate times the gradient over its root mean square. Where a feature's gradient is
   * a difference of large terms its sign, and so a whole step, hangs on rounding: of the features
   * that moved, this share may be off by more than a hundredth of a step.
   */
  private static final double UNDECIDED_SHARE = 2e-3;

  private static final double SAME_STEP = 0.01 * RATE;

  /** Of a loss of some 20, after six steps of which some went the other way. */
  private static final double LOSS = 1e-2;

  private final ComputeBackend oracle = ComputeBackends.open("scalar", 1);

  /** The one under test. */
  protected ComputeBackend backend;

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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void roundsChangeTheFieldAsTheOraclesDo(boolean keepMoments) {
    SceneField expected = TestField.LIGHT.create(1);
    SceneField actual = TestField.LIGHT.create(1);
    SceneField before = TestField.LIGHT.create(1);
    double expectedLoss = rounds(oracle, expected, keepMoments);
    double actualLoss = rounds(backend, actual, keepMoments);
    assertThat(actualLoss).isCloseTo(expectedLoss, Offset.offset(LOSS));
    assertSameSteps(before, expected, actual);
  }

  /** As when a session is written down and goes on in another process: to the bit. */
  @Test
  void anotherOptimizerGoesOnFromKeptMoments() {
    SceneField expected = TestField.LIGHT.complete().create(7);
    try (FieldOptimizer whole = backend.optimizer(expected, true)) {
      round(backend, whole, expected, 0);
      round(backend, whole, expected, 1);
    }
    SceneField actual = TestField.LIGHT.complete().create(7);
    try (FieldOptimizer first = backend.optimizer(actual, true);
        FieldOptimizer second = backend.optimizer(actual, true)) {
      round(backend, first, actual, 0);
      for (FieldLevel level : LEVELS) {
        assertThat(first.moments(level, 0)).as("block that has taken no step").isEmpty();
        for (int block = 1; block < actual.grid(level).blockCount(); block++) {
          second.restore(level, block, first.moments(level, block).orElseThrow());
        }
      }
      second.restoreDecoder(first.decoderMoments().orElseThrow());
      round(backend, second, actual, 1);
    }
    for (FieldLevel level : LEVELS) {
      for (int block = 0; block < expected.grid(level).blockCount(); block++) {
        assertThat(actual.grid(level).block(block))
            .as("%s block %d", level, block)
            .isEqualTo(expected.grid(level).block(block));
      }
    }
    assertThat(actual.colourDecoder().weights()).isEqualTo(expected.colourDecoder().weights());
  }

  @Test
  void batchesOfAnIterationAddUp() {
    SceneField expected = TestField.LIGHT.create(6);
    SceneField actual = TestField.LIGHT.create(6);
    SceneField before = TestField.LIGHT.create(6);
    stepOfTwoBatches(oracle, expected);
    stepOfTwoBatches(backend, actual);
    assertSameSteps(before, expected, actual);
  }

  private static void stepOfTwoBatches(ComputeBackend backend, SceneField field) {
    try (FieldOptimizer optimizer = backend.optimizer(field, false)) {
      optimizer.begin(masks(field, -1L));
      optimizer.prepare(LEVELS, true);
      backward(backend, optimizer, field, 1);
      backward(backend, optimizer, field, 2);
      step(optimizer);
      optimizer.finish();
    }
  }

  /** Two rounds of three iterations; the map grows between them. The last loss. */
  private static double rounds(ComputeBackend backend, SceneField field, boolean keepMoments) {
    double loss = 0;
    try (FieldOptimizer optimizer = backend.optimizer(field, keepMoments)) {
      for (int round = 0; round < 2; round++) {
        loss = round(backend, optimizer, field, round);
        field.fine().allocate(40, 0, 0);
      }
    }
    return loss;
  }

  /** Three iterations; the last loss. */
  private static double round(
      ComputeBackend backend, FieldOptimizer optimizer, SceneField field, int round) {
    double loss = 0;
    optimizer.begin(masks(field, -1L));
    for (int i = 0; i < 3; i++) {
      loss = iterate(backend, optimizer, field, 3 * round + i).total();
    }
    optimizer.finish();
    return loss;
  }

  private static BatchLosses iterate(
      ComputeBackend backend, FieldOptimizer optimizer, SceneField field, int seed) {
    optimizer.prepare(LEVELS, true);
    BatchLosses losses = backward(backend, optimizer, field, seed);
    step(optimizer);
    return losses;
  }

  private static BatchLosses backward(
      ComputeBackend backend, FieldOptimizer optimizer, SceneField field, int seed) {
    RayBatch rays = TestField.rays(30, 3, seed);
    return backend.backward(
        field, FieldStage.COLOUR, rays, SETTINGS, OBJECTIVE, optimizer.gradient(), null, null);
  }

  private static void step(FieldOptimizer optimizer) {
    optimizer.step(
        Map.of(FieldLevel.MID, RATE, FieldLevel.FINE, RATE, FieldLevel.COLOUR, RATE), DECODER_RATE);
  }

  private static Map<FieldLevel, long[][]> masks(SceneField field, long word) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : LEVELS) {
      long[][] mask = new long[field.grid(level).blockCount()][];
      long[] words = new long[FeatureGrid.BLOCK_VOXELS / Long.SIZE];
      Arrays.fill(words, word);
      // The first block must not change.
      Arrays.fill(mask, 1, mask.length, words);
      masks.put(level, mask);
    }
    return masks;
  }

  private static void assertSameSteps(SceneField before, SceneField expected, SceneField actual) {
    for (FieldLevel level : LEVELS) {
      assertSameSteps(before.grid(level), expected.grid(level), actual.grid(level));
    }
    float[] weights = before.colourDecoder().weights();
    assertSameSteps(weights, expected.colourDecoder().weights(), actual.colourDecoder().weights());
  }

  private static void assertSameSteps(
      FeatureGrid before, FeatureGrid expected, FeatureGrid actual) {
    for (int block = 0; block < before.blockCount(); block++) {
      if (block == 0) {
        assertThat(actual.block(0)).isEqualTo(before.block(0));
      }
      assertSameSteps(before.block(block), expected.block(block), actual.block(block));
    }
  }

  private static void assertSameSteps(float[] before, float[] expected, float[] actual) {
    int moved = 0;
    int apart = 0;
    for (int i = 0; i < before.length; i++) {
      moved += expected[i] != before[i] ? 1 : 0;
      apart += !(Math.abs(actual[i] - expected[i]) <= SAME_STEP) ? 1 : 0;
    }
    assertThat(apart).isLessThanOrEqualTo((int) Math.ceil(UNDECIDED_SHARE * moved));
  }

  @Test
  void onlyMaskedVerticesChange() {
    SceneField field = TestField.LIGHT.complete().create(2);
    SceneField before = TestField.LIGHT.complete().create(2);
    long word = 0x00ff_0000_1234_5678L;
    try (FieldOptimizer optimizer = backend.optimizer(field, false)) {
      optimizer.begin(masks(field, word));
      iterate(backend, optimizer, field, 1);
      optimizer.finish();
    }
    int moved = 0;
    for (FieldLevel level : LEVELS) {
      int channels = field.grid(level).channels();
      for (int block = 0; block < field.grid(level).blockCount(); block++) {
        float[] is = field.grid(level).block(block);
        float[] was = before.grid(level).block(block);
        for (int i = 0; i < is.length; i++) {
          boolean may = block > 0 && (word >>> (i / channels % Long.SIZE) & 1) == 1;
          assertThat(is[i] == was[i] || may).as("%s block %d at %d", level, block, i).isTrue();
          moved += is[i] == was[i] ? 0 : 1;
        }
      }
    }
    assertThat(moved).isGreaterThan(100);
  }

  @Test
  void aSnapshotKeepsWhatItShows() {
    SceneField field = TestField.LIGHT.complete().create(3);
    SceneField snapshot = field.snapshot();
    float[][] before = new float[snapshot.fine().blockCount()][];
    Arrays.setAll(before, block -> snapshot.fine().block(block).clone());
    float[] points = TestField.points(20, 3);
    float[] first = logits(snapshot, points);
    try (FieldOptimizer optimizer = backend.optimizer(field, false)) {
      optimizer.begin(masks(field, -1L));
      iterate(backend, optimizer, field, 1);
      assertThat(logits(snapshot, points)).as("within a round").isEqualTo(first);
      optimizer.finish();
    }
    assertThat(logits(snapshot, points)).as("after it").isEqualTo(first);
    assertThat(logits(field, points)).isNotEqualTo(first);
    for (int block = 0; block < before.length; block++) {
      assertThat(snapshot.fine().block(block)).isEqualTo(before[block]);
    }
  }

  private float[] logits(SceneField field, float[] points) {
    float[] logits = new float[points.length / 3];
    backend.evaluate(field, FieldStage.FINE, points, logits.length, logits, null);
    return logits;
  }

  @Test
  void whatTheHostChangesBetweenRoundsCounts() {
    SceneField field = TestField.LIGHT.complete().create(4);
    float[] points = TestField.points(20, 4);
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      optimizer.begin(masks(field, -1L));
      iterate(backend, optimizer, field, 1);
      optimizer.finish();
      for (int block = 0; block < field.fine().blockCount(); block++) {
        Arrays.fill(field.fine().blockToChange(block), 0.25f);
      }
      optimizer.forget(FieldLevel.FINE, new int[] {1, 2});
      float[] expected = new float[20];
      oracle.evaluate(field, FieldStage.FINE, points, 20, expected, null);
      Parity.of(TestField.LIGHT).assertValues("logits", expected, logits(field, points));
      optimizer.begin(masks(field, -1L));
      iterate(backend, optimizer, field, 2);
      optimizer.finish();
      assertThat(field.fine().block(0)).containsOnly(0.25f);
    }
  }
}
