package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.field.SmallFamily;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.fusion.PatchReader;
import io.roomfield.slam.fusion.RoomReader;
import io.roomfield.slam.render.FramePixels;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A camera before a wall, which it sees farther away and then nearer. */
class FieldEncoderTest {
  private static final PinholeCamera CAMERA = SmallRoom.CAMERA;
  private static final float FAR_WALL = 1.5f;
  private static final float NEAR_WALL = 1.2f;

  /** A feature that no encoder writes. */
  private static final float OPTIMISED = 77;

  private final ComputeBackend backend = SmallRoom.backend();
  private final DecoderFamily family = SmallFamily.complete();
  private final SceneField field = EmptyField.create(SmallRoom.GRID, family, 1);
  private final DepthFusion fusion = new DepthFusion(FusedDepth.beside(0.16), backend);
  private final FieldEncoder encoder = new FieldEncoder(family, field, fusion, backend);

  @AfterEach
  void close() {
    backend.close();
  }

  private static float[] wall(float depthMetres) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(depth, depthMetres);
    return depth;
  }

  /** Allocates as the mapper does, and observes. */
  private void observe(float[] depth, SE3 pose) {
    BlockAllocator allocator = new BlockAllocator(CAMERA, SmallRoom.SETTINGS);
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE)) {
      allocator.allocate(field.grid(level), FramePixels.of(depth, null), pose);
    }
    encoder.observe(depth, CAMERA, pose);
  }

  /** What is known around a grid's vertices: {@code [blocks, 512]}. */
  private record Known(int[][] seen, float[][] mean) {}

  private Known known(FeatureGrid grid) {
    PatchReader patches = new PatchReader(fusion.map(), grid.voxelEdge());
    Known known =
        new Known(
            new int[grid.blockCount()][FeatureGrid.BLOCK_VOXELS],
            new float[grid.blockCount()][FeatureGrid.BLOCK_VOXELS]);
    for (int block = 0; block < grid.blockCount(); block++) {
      patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        known.seen[block][vertex] = patches.seenPoints(vertex);
        known.mean[block][vertex] = patches.meanDistance(vertex);
      }
    }
    return known;
  }

  /** As if mapping had optimised every vertex, so many rounds long. */
  private void optimise(int rounds) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE)) {
      FeatureGrid grid = field.grid(level);
      for (int block = 0; block < grid.blockCount(); block++) {
        Arrays.fill(grid.block(block), OPTIMISED);
      }
      masks.put(level, WholeMask.of(grid));
    }
    for (int round = 0; round < rounds; round++) {
      encoder.optimised(masks);
    }
  }

  private static boolean isEncoded(FeatureGrid grid, int block, int vertex) {
    return grid.block(block)[vertex * grid.channels()] != OPTIMISED;
  }

  @ParameterizedTest
  @EnumSource(names = {"MID", "FINE"})
  void whatIsSeenFirstIsEncodedFromItsPatchAndTheRestIsUnseen(FieldLevel level) {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    FeatureGrid grid = field.grid(level);
    PatchReader patches = new PatchReader(fusion.map(), grid.voxelEdge());
    int count = grid.blockCount() * FeatureGrid.BLOCK_VOXELS;
    float[] inputs = new float[count * PatchReader.INPUTS];
    int mixed = 0;
    for (int block = 0; block < grid.blockCount(); block++) {
      patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        int at = (block * FeatureGrid.BLOCK_VOXELS + vertex) * PatchReader.INPUTS;
        patches.copy(vertex, inputs, at);
        if (patches.kind(vertex) == PatchReader.Kind.FREE) {
          Arrays.fill(inputs, at, at + PatchReader.INPUTS, 1f);
        }
        mixed += patches.kind(vertex) == PatchReader.Kind.MIXED ? 1 : 0;
      }
    }
    float[] expected = new float[count * grid.channels()];
    backend.apply(family.encoder(level), inputs, count, expected);
    assertThat(mixed).isGreaterThan(100);
    int length = FeatureGrid.BLOCK_VOXELS * grid.channels();
    for (int block = 0; block < grid.blockCount(); block++) {
      assertThat(grid.block(block))
          .as("block %d", block)
          .isEqualTo(Arrays.copyOfRange(expected, block * length, (block + 1) * length));
    }
  }

  @Test
  void whatExceedsAFramesShareWaitsForTheNext() {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    float[][] atOnce = new float[field.fine().blockCount()][];
    Arrays.setAll(atOnce, block -> field.fine().block(block).clone());

    SceneField slowField = EmptyField.create(SmallRoom.GRID, family, 1);
    DepthFusion slowFusion = new DepthFusion(FusedDepth.beside(0.16), backend);
    FieldEncoder slow = new FieldEncoder(family, slowField, slowFusion, backend, 300);
    BlockAllocator allocator = new BlockAllocator(CAMERA, SmallRoom.SETTINGS);
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE)) {
      FramePixels pixels = FramePixels.of(wall(FAR_WALL), null);
      allocator.allocate(slowField.grid(level), pixels, SE3.IDENTITY);
    }
    slow.observe(wall(FAR_WALL), CAMERA, SE3.IDENTITY);
    assertThat(blocksThatDiffer(slowField.fine(), atOnce)).isPositive();
    for (int frame = 0; frame < atOnce.length; frame++) {
      // No reading: nothing is fused, and what waits is encoded.
      slow.observe(wall(0), CAMERA, SE3.IDENTITY);
    }
    assertThat(blocksThatDiffer(slowField.fine(), atOnce)).isZero();
  }

  private static int blocksThatDiffer(FeatureGrid grid, float[][] expected) {
    int different = 0;
    for (int block = 0; block < expected.length; block++) {
      different += Arrays.equals(grid.block(block), expected[block]) ? 0 : 1;
    }
    return different;
  }

  @ParameterizedTest
  @EnumSource(names = {"MID", "FINE"})
  void whatMappingHasOptimisedIsNeverOverwritten(FieldLevel level) {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    FeatureGrid grid = field.grid(level);
    Known before = known(grid);
    optimise(2);
    observe(wall(NEAR_WALL), SE3.IDENTITY);
    Known after = known(grid);
    int changed = 0;
    for (int block = 0; block < before.seen.length; block++) {
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        if (before.seen[block][vertex] > 0) {
          float moved = Math.abs(after.mean[block][vertex] - before.mean[block][vertex]);
          changed += moved > 0.2f ? 1 : 0;
          assertThat(isEncoded(grid, block, vertex)).isFalse();
        }
      }
    }
    assertThat(changed).as("vertices about which much changed").isPositive();
  }

  /**
   * A vertex that mapping took part in once is encoded again from 25 more points seen or 0.15
   * truncations of another mean on; one that it never touched from a fifth of either on.
   */
  @ParameterizedTest
  @CsvSource({"MID,1,25,0.15", "FINE,1,25,0.15", "MID,0,5,0.03", "FINE,0,5,0.03"})
  void whatMappingHasHardlyTouchedIsEncodedAgainWhereMuchChanged(
      FieldLevel level, int rounds, int points, float distance) {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    FeatureGrid grid = field.grid(level);
    Known before = known(grid);
    optimise(rounds);
    observe(wall(NEAR_WALL), SE3.IDENTITY);
    Known after = known(grid);
    int again = 0;
    int kept = 0;
    for (int block = 0; block < before.seen.length; block++) {
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        int more = after.seen[block][vertex] - before.seen[block][vertex];
        float moved = Math.abs(after.mean[block][vertex] - before.mean[block][vertex]);
        boolean sure = Math.abs(moved - distance) > 1e-4; // the readers' rounding
        if (before.seen[block][vertex] > 0 && sure) {
          boolean much = more >= points || moved > distance;
          assertThat(isEncoded(grid, block, vertex)).as("%s, %s", more, moved).isEqualTo(much);
          again += much ? 1 : 0;
          kept += much ? 0 : 1;
        }
      }
    }
    assertThat(again).as("encoded again").isPositive();
    assertThat(kept).as("kept").isPositive();
  }

  @Test
  void roundsCountFromTheFirstSightOn() {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    optimise(2);
    SE3 turned = SE3.fromRotationVector(0, 0.4, 0, 0, 0, 0);
    Known before = known(field.fine());
    observe(wall(FAR_WALL), turned);
    Known after = known(field.fine());
    int first = 0;
    for (int block = 0; block < before.seen.length; block++) {
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        if (before.seen[block][vertex] == 0 && after.seen[block][vertex] > 0) {
          first++;
          assertThat(isEncoded(field.fine(), block, vertex)).isTrue();
        }
      }
    }
    assertThat(first).as("seen for the first time in blocks that were there").isPositive();
  }

  @Test
  void nothingHappensWhereNothingChanged() {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    optimise(0);
    int blocks = field.fine().blockCount();
    encoder.observe(wall(0), CAMERA, SE3.IDENTITY);
    assertOptimised(blocks);
    // The same reading again: weights grow, distances stay.
    encoder.observe(wall(FAR_WALL), CAMERA, SE3.IDENTITY);
    assertOptimised(blocks);
  }

  private void assertOptimised(int blocks) {
    for (int block = 0; block < blocks; block++) {
      assertThat(field.fine().block(block)).containsOnly(OPTIMISED);
    }
  }

  @Test
  void theCoarseLevelIsEncodedWhereTheFamilyCan() {
    Decoder coarse = SmallFamily.encoder(RoomReader.INPUTS, 4);
    DecoderFamily with =
        new DecoderFamily(
            "with-coarse",
            family.coarse(),
            family.mid(),
            family.fine(),
            family.colour(),
            coarse,
            family.midEncoder(),
            family.fineEncoder());
    GridConfig grid = new GridConfig(DecoderFamily.NICE, 2, 0.32, 0.16, 25, true);
    SceneField whole = EmptyField.create(grid, with, 1);
    FieldEncoder encodesAll = new FieldEncoder(with, whole, fusion, backend);
    assertThat(encodesAll.encodesCoarse()).isTrue();
    encodesAll.observe(wall(FAR_WALL), CAMERA, SE3.IDENTITY);
    assertThat(whole.coarse().blockCount()).isEqualTo(8);
    assertThat(encoder.encodesCoarse()).as("a field without a coarse level").isFalse();
  }

  @Test
  void aFamilyWithoutEncodersIsRefused() {
    DecoderFamily without = SmallFamily.withoutOptional();
    assertThatThrownBy(() -> new FieldEncoder(without, field, fusion, backend))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapping.encode: true, but the decoders small have no encoders (expected: a family that"
                + " has, or false)");
  }

  /** What a corrected map holds is kept but for the blocks that are encoded anew. */
  @ParameterizedTest
  @EnumSource(names = {"MID", "FINE"})
  void anAdoptedFieldKeepsWhatMappingFound(FieldLevel level) {
    observe(wall(FAR_WALL), SE3.IDENTITY);
    optimise(0);
    FeatureGrid grid = field.grid(level);
    Known known = known(grid);
    int anew = 0;
    while (Arrays.stream(known.seen[anew]).noneMatch(seen -> seen > 0)) {
      anew++;
    }
    int[] one = {anew};
    Map<FieldLevel, int[]> blocks = new EnumMap<>(FieldLevel.class);
    blocks.put(FieldLevel.MID, level == FieldLevel.MID ? one : new int[0]);
    blocks.put(FieldLevel.FINE, level == FieldLevel.FINE ? one : new int[0]);
    FieldEncoder adopting = new FieldEncoder(family, field, fusion, backend);
    adopting.adopt(blocks);
    // Twice the same: nothing is seen for the first time.
    adopting.observe(wall(FAR_WALL), CAMERA, SE3.IDENTITY);
    for (int block = 0; block < grid.blockCount(); block++) {
      for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
        boolean expected = block == anew && known.seen[block][vertex] > 0;
        assertThat(isEncoded(grid, block, vertex)).isEqualTo(expected);
      }
    }
  }
}
