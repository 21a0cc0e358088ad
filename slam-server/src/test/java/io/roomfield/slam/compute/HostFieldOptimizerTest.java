package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostFieldOptimizerTest {
  private static final double RATE = 0.01;
  private static final double DECODER_RATE = 0.02;
  private static final int ACTIVE = 2;

  /** Features of order 1 in float arithmetic; Adam's epsilon adds less. */
  private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

  private final ComputeBackend backend = SmallRoom.backend();
  private final SceneField field = TestField.LIGHT.complete().create(1);
  private final FeatureGrid grid = field.mid();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void onlyMaskedVerticesChange() {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, false);
    long[] mask = {0x8000_0000_0000_0005L, 0, 0, 0, 0, 0, 0, 1L << 17};
    float[][] before = copy(grid);
    float[] decoderBefore = field.colourDecoder().weights().clone();
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, ACTIVE, mask)));
    optimizer.prepare(List.of(FieldLevel.MID), false);
    step(optimizer, 3);

    for (int block = 0; block < grid.blockCount(); block++) {
      for (int i = 0; i < before[block].length; i++) {
        int vertex = i / grid.channels();
        boolean may = block == ACTIVE && (mask[vertex / 64] >>> (vertex % 64) & 1) == 1;
        float expected = (float) (before[block][i] - (may ? RATE : 0));
        assertThat(grid.block(block)[i]).isEqualTo(expected, may ? ROUNDING : Offset.offset(0f));
      }
    }
    assertThat(field.colourDecoder().weights()).isEqualTo(decoderBefore);
  }

  @Test
  void theDecoderStepsWhereItIsPrepared() {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, false);
    float before = field.colourDecoder().weights()[5];
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, ACTIVE, everyVertex())));
    optimizer.prepare(List.of(FieldLevel.MID), true);
    optimizer.gradient().weights(FieldLevel.COLOUR, 1)[5] = -2;
    step(optimizer, 1);
    assertThat(field.colourDecoder().weights()[5])
        .isEqualTo((float) (before + DECODER_RATE), ROUNDING);
  }

  /**
   * After a round with gradient 1 and one with -1: fresh moments step by the whole rate; kept ones
   * have {@code m = 0.9 * 0.1 - 0.1 = -0.01} over {@code 1 - 0.9^2} and {@code v^ = 1}.
   */
  @Test
  void momentsAreFreshOrKeptFromRoundToRound() {
    assertThat(secondRoundsStep(false)).isEqualTo((float) RATE, ROUNDING);
    assertThat(secondRoundsStep(true)).isEqualTo((float) (RATE * 0.01 / 0.19), ROUNDING);
  }

  private float secondRoundsStep(boolean keepMoments) {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, keepMoments);
    round(optimizer, 1);
    float after = grid.block(ACTIVE)[0];
    round(optimizer, -1);
    return grid.block(ACTIVE)[0] - after;
  }

  /** Kept moments would make the second step {@code 0.01 / 0.19} of the rate, as above. */
  @Test
  void forgottenMomentsStartAfresh() {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, true);
    optimizer.forget(FieldLevel.MID, new int[] {ACTIVE});
    round(optimizer, 1);
    optimizer.forget(FieldLevel.MID, new int[] {ACTIVE, grid.allocate(100, 100, 100)});
    float after = grid.block(ACTIVE)[0];
    round(optimizer, -1);
    assertThat(grid.block(ACTIVE)[0] - after).isEqualTo((float) RATE, ROUNDING);
  }

  private void round(FieldOptimizer optimizer, float gradient) {
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, ACTIVE, everyVertex())));
    optimizer.prepare(List.of(FieldLevel.MID), false);
    step(optimizer, gradient);
  }

  @Test
  void prepareForgetsTheIterationBefore() {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, false);
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, ACTIVE, everyVertex())));
    optimizer.prepare(List.of(FieldLevel.MID), true);
    Arrays.fill(optimizer.gradient().block(FieldLevel.MID, 0, ACTIVE), 1f);
    Arrays.fill(optimizer.gradient().weights(FieldLevel.COLOUR, 0), 1f);
    optimizer.prepare(List.of(FieldLevel.MID), true);
    assertThat(optimizer.gradient().block(FieldLevel.MID, 0, ACTIVE)).containsOnly(0f);
    assertThat(optimizer.gradient().weights(FieldLevel.COLOUR, 0)).containsOnly(0f);
  }

  @Test
  void aRoundKeepsTheGradientsOfItsOwnBlocks() {
    FieldOptimizer optimizer = new HostFieldOptimizer(backend, field, true);
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, ACTIVE, everyVertex())));
    optimizer.prepare(List.of(FieldLevel.MID), false);

    // The map grows between rounds.
    int added = grid.allocate(100, 100, 100);
    optimizer.begin(Map.of(FieldLevel.MID, masks(grid, added, everyVertex())));
    optimizer.prepare(List.of(FieldLevel.MID), false);
    assertThat(optimizer.gradient().block(FieldLevel.MID, 0, ACTIVE)).isNull();
    assertThat(optimizer.gradient().block(FieldLevel.MID, 0, added)).isNotNull();
  }

  /** One step of the mid level with this gradient at every feature, dealt to two lanes. */
  private void step(FieldOptimizer optimizer, float gradient) {
    Arrays.fill(optimizer.gradient().block(FieldLevel.MID, 0, ACTIVE), 2 * gradient);
    Arrays.fill(optimizer.gradient().block(FieldLevel.MID, 1, ACTIVE), -gradient);
    optimizer.step(Map.of(FieldLevel.MID, RATE), DECODER_RATE);
  }

  private static long[][] masks(FeatureGrid grid, int block, long[] mask) {
    long[][] masks = new long[grid.blockCount()][];
    masks[block] = mask;
    return masks;
  }

  private static long[] everyVertex() {
    long[] mask = new long[FeatureGrid.BLOCK_VOXELS / Long.SIZE];
    Arrays.fill(mask, -1L);
    return mask;
  }

  private static float[][] copy(FeatureGrid grid) {
    float[][] blocks = new float[grid.blockCount()][];
    Arrays.setAll(blocks, block -> grid.block(block).clone());
    return blocks;
  }
}
