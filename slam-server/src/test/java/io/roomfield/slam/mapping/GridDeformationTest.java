package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GridDeformationTest {
  private static final double VOXEL = 0.1;
  private static final double BLOCK = FeatureGrid.BLOCK_EDGE * VOXEL;
  private static final int CHANNELS = 4;
  private static final double TOLERANCE = 0.003;

  /** Floats of up to 3 from sums of eight terms. */
  private static final Offset<Float> ROUNDING = Offset.offset(2e-6f);

  private static final SE3 MOTION = SE3.fromRotationVector(0.02, -0.03, 0.05, 0.13, -0.07, 0.21);

  /** 3^3 blocks whose features are linear in the position, so that interpolation is exact. */
  private final FeatureGrid grid = linearGrid();

  private static FeatureGrid linearGrid() {
    FeatureGrid grid = new FeatureGrid(VOXEL, CHANNELS, 0.01f, 5);
    for (int i = 0; i < 27; i++) {
      int block = grid.allocate(i % 3, i / 3 % 3, i / 9);
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        write(linear(position(grid, block, vertex)), grid.block(block), vertex);
      }
    }
    return grid;
  }

  private static void write(float[] features, float[] into, int vertex) {
    System.arraycopy(features, 0, into, vertex * CHANNELS, CHANNELS);
  }

  private static float[] linear(double[] p) {
    return new float[] {(float) p[0], (float) p[1], (float) p[2], (float) (p[0] - p[1] + p[2])};
  }

  private static double[] position(FeatureGrid grid, int block, int vertex) {
    return new double[] {
      (8 * grid.blockX(block) + vertex % 8) * VOXEL,
      (8 * grid.blockY(block) + vertex / 8 % 8) * VOXEL,
      (8 * grid.blockZ(block) + vertex / 64) * VOXEL
    };
  }

  private static float[] features(FeatureGrid grid, int block, int vertex) {
    return Arrays.copyOfRange(grid.block(block), vertex * CHANNELS, (vertex + 1) * CHANNELS);
  }

  private static float[][] copy(FeatureGrid grid) {
    float[][] blocks = new float[grid.blockCount()][];
    Arrays.setAll(blocks, block -> grid.block(block).clone());
    return blocks;
  }

  /** The old vertices' box: within it all that a point is interpolated from is allocated. */
  private static boolean inside(double[] p) {
    double last = 3 * BLOCK - VOXEL;
    return Arrays.stream(p).allMatch(x -> x >= 0 && x <= last);
  }

  private static double margin(double[] p) {
    double last = 3 * BLOCK - VOXEL;
    return Arrays.stream(p).map(x -> Math.min(Math.abs(x), Math.abs(x - last))).min().orElseThrow();
  }

  @Test
  void everyVertexGetsTheFeaturesOfWhereItCameFrom() {
    float[][] before = copy(grid);
    FeatureGrid untouched = new FeatureGrid(VOXEL, CHANNELS, 0.01f, 5);
    GridDeformation.Result result = GridDeformation.deform(grid, block -> MOTION, TOLERANCE);
    SE3 oldFromNew = MOTION.inverse();
    int sampled = 0;
    for (int block = 0; block < grid.blockCount(); block++) {
      int fresh = untouched.allocate(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        double[] p = position(grid, block, vertex);
        double[] old = oldFromNew.apply(p[0], p[1], p[2]);
        if (margin(old) < 1e-9) {
          continue; // On the very border, rounding decides.
        }
        float[] expected =
            inside(old)
                ? linear(old)
                : features(block < before.length ? before[block] : untouched.block(fresh), vertex);
        assertThat(features(grid, block, vertex)).containsExactly(expected, ROUNDING);
        sampled += inside(old) ? 1 : 0;
      }
    }
    assertThat(sampled).as("23^3 cells, a vertex each").isBetween(11_800, 12_500);
    assertThat(grid.blockCount()).as("grew").isGreaterThan(27);
    assertThat(result.changed())
        .containsExactlyInAnyOrder(IntStream.range(0, grid.blockCount()).toArray());
  }

  private static float[] features(float[] block, int vertex) {
    return Arrays.copyOfRange(block, vertex * CHANNELS, (vertex + 1) * CHANNELS);
  }

  @Test
  void blocksThatDoNotMoveStay() {
    float[][] before = copy(grid);
    // The layer z = 2 moves down a little: onto the one below, which stays, and out of its own.
    SE3 down = SE3.fromRotationVector(0, 0, 0, 0, 0, -0.3);
    GridDeformation.Result result =
        GridDeformation.deform(grid, block -> block >= 18 ? down : null, TOLERANCE);
    for (int block = 0; block < 18; block++) {
      assertThat(grid.block(block)).as("block %d", block).isEqualTo(before[block]);
    }
    assertThat(grid.blockCount()).isEqualTo(27);
    assertThat(result.changed()).containsExactlyInAnyOrder(IntStream.range(18, 27).toArray());
    assertThat(result.sources()).isEqualTo(result.changed());
  }

  @Test
  void aMoveWithinTheToleranceChangesNothing() {
    float[][] before = copy(grid);
    // Turns about the origin: the far corner, 4.2 m away, moves 4.2 mm, the near block's 1.4.
    SE3 turn = SE3.fromRotationVector(0.001, 0, 0, 0, 0, 0);
    GridDeformation.Result result =
        GridDeformation.deform(grid, block -> block == 26 ? turn : null, 2 * TOLERANCE);
    assertThat(result.changed()).isEmpty();
    assertThat(copy(grid)).isEqualTo(before);
    // The corner (0, 2.4, 2.4) is 3.4 m from the axis.
    assertThat(GridDeformation.deform(grid, block -> turn, TOLERANCE).changed())
        .contains(26)
        .doesNotContain(0);
  }

  /** By whole blocks: nothing is interpolated, what is left behind starts afresh. */
  @Test
  void whatIsLeftBehindStartsAfresh() {
    float[][] before = copy(grid);
    SE3 away = SE3.fromRotationVector(0, 0, 0, 5 * BLOCK, 0, 0);
    GridDeformation.Result result =
        GridDeformation.deform(grid, block -> block == 13 ? away : null, TOLERANCE);
    FeatureGrid fresh = new FeatureGrid(VOXEL, CHANNELS, 0.01f, 5);
    assertThat(grid.block(13)).isEqualTo(fresh.block(fresh.allocate(1, 1, 1)));
    int moved = grid.blockAt(6, 1, 1);
    assertThat(moved).isEqualTo(27);
    int inner = (3 * 8 + 4) * 8 + 2;
    assertThat(features(grid, moved, inner)).containsExactly(features(before[13], inner), ROUNDING);
    assertThat(result.changed()).containsExactly(13, 27);
    assertThat(result.sources()).containsExactly(13, 13);
  }

  /** Two neighbours move onto one place: the one whose centre comes closer has it. */
  @Test
  void theNearestMovedCentreDecides() {
    SE3 far = SE3.fromRotationVector(0, 0, 0, 10 * BLOCK, 0, 0);
    SE3 short1 = SE3.fromRotationVector(0, 0, 0, 8.7 * BLOCK, 0, 0);
    // Block 0 at x = 0 comes to 10, block 1 at x = 1 to 9.7.
    GridDeformation.Result result =
        GridDeformation.deform(
            grid, block -> block == 0 ? far : block == 1 ? short1 : null, TOLERANCE);
    int at10 = grid.blockAt(10, 0, 0);
    int at9 = grid.blockAt(9, 0, 0);
    assertThat(sourceOf(result, at10)).isZero();
    assertThat(sourceOf(result, at9)).isEqualTo(1);
  }

  private static int sourceOf(GridDeformation.Result result, int block) {
    return result
        .sources()[
        IntStream.range(0, result.changed().length)
            .filter(i -> result.changed()[i] == block)
            .findFirst()
            .orElseThrow()];
  }
}
