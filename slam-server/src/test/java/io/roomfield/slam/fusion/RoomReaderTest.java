package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.fusion.VertexObservations.Kind;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Walls in fused depth of 8 cm voxels, summed up in cells of 1 m. */
class RoomReaderTest {
  private static final double COARSE = 2;
  private static final int VALUES = 8;

  /** The cell that holds the vertex itself, in the middle of its 5x5x5. */
  private static final int CENTRE = 62;

  /** Voxels of a cell: 12.5 along an edge. */
  private static final double CELL = 12.5 * 12.5 * 12.5;

  /** Means of float distances of order 1. */
  private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);

  private static RoomReader reader(FusedDepth fused) {
    RoomReader reader = new RoomReader(fused, COARSE);
    reader.update(FilledDepth.blocks(fused));
    reader.load(0, 0, 0);
    return reader;
  }

  /** Values of a cell around vertex 0 of the loaded block, by its number among the 125. */
  private static float[] cell(RoomReader reader, int number) {
    float[] inputs = new float[RoomReader.INPUTS];
    reader.copy(0, inputs, 0);
    return Arrays.copyOfRange(inputs, number * VALUES, (number + 1) * VALUES);
  }

  @Test
  void cellsTellHowMuchIsFreeAndWhereTheSurfaceIs() {
    // Free for x > 0.2. A cell about 0 has voxels -6 to 6 of 8 cm along each axis; of those along
    // x, 0.32, 0.40 and 0.48 are farther than 0.3 truncations before the wall, 0.16 and 0.24 near.
    RoomReader reader = reader(FilledDepth.of(2, (x, y, z) -> x - 0.2));
    float[] at = cell(reader, CENTRE);
    assertThat(at[0]).as("free").isEqualTo((float) (3 * 13 * 13 / CELL), ROUNDING);
    // 2 x 13 x 13 are more than a wall's 12.5 x 12.5 times the 1.8 voxels that 0.3 truncations
    // make.
    assertThat(at[1]).as("surface").isEqualTo(1f);
    assertThat(at[2]).as("offset in cells of 1 m").isEqualTo(0.2f, ROUNDING);
    assertThat(at[3]).isEqualTo(0f, ROUNDING);
    assertThat(at[4]).isEqualTo(0f, ROUNDING);
    assertThat(at[5]).as("normal, towards free space").isEqualTo(1f, ROUNDING);
    assertThat(at[6]).isEqualTo(0f, ROUNDING);
    assertThat(at[7]).isEqualTo(0f, ROUNDING);

    float[] free = cell(reader, CENTRE + 1);
    // 12 x 13 x 13 voxels are more than the 12.5 an edge of the cell's volume.
    assertThat(free[0]).as("all of the cell").isEqualTo(1f);
    assertThat(Arrays.copyOfRange(free, 1, VALUES)).containsOnly(0f);
    assertThat(cell(reader, CENTRE - 1)).as("behind the wall").containsOnly(0f);
  }

  @Test
  void aSlantedWallHasItsNormalAndLiesWhereItIs() {
    double[] n = {2 / 3.0, -1 / 3.0, -2 / 3.0};
    RoomReader reader = reader(FilledDepth.of(2, (x, y, z) -> n[0] * x + n[1] * y + n[2] * z));
    float[] at = cell(reader, CENTRE);
    double offset = 0;
    for (int a = 0; a < 3; a++) {
      assertThat(at[5 + a]).isEqualTo((float) n[a], ROUNDING);
      offset += n[a] * at[2 + a];
    }
    // The cell is half a voxel off its own voxels' middle at most, here 2 cm.
    assertThat(offset).isCloseTo(0, Offset.offset(0.02));
  }

  @Test
  void blocksThatChangeAreSummedUpAnew() {
    FusedDepth fused = FilledDepth.of(2, (x, y, z) -> x - 0.2);
    RoomReader updated = reader(fused);
    int[] changed = {0, 21, 22, 42, fused.allocate(2, 0, 0)};
    for (int block : changed) {
      FilledDepth.fill(fused, block, (x, y, z) -> 0.5 - z);
    }
    updated.update(changed);
    updated.load(0, 0, 0);
    RoomReader fresh = reader(fused);
    float[] expected = new float[RoomReader.INPUTS];
    float[] actual = new float[RoomReader.INPUTS];
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      assertThat(updated.kind(vertex)).isEqualTo(fresh.kind(vertex));
      fresh.copy(vertex, expected, 0);
      updated.copy(vertex, actual, 0);
      // Sums in double precision from which others were taken away again.
      assertThat(actual).containsExactly(expected, Offset.offset(1e-6f));
    }
  }

  @Test
  void farFromAllThatWasSeenIsUnseen() {
    // Seen space ends at 2.56 m; a vertex's cells reach 2.5 m.
    RoomReader reader = reader(FilledDepth.of(2, (x, y, z) -> 1));
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_EDGE; vertex++) {
      assertThat(reader.kind(vertex)).isEqualTo(vertex <= 2 ? Kind.MIXED : Kind.UNSEEN);
    }
    reader.load(3, 0, 0);
    assertThat(reader.kind(0)).isEqualTo(Kind.UNSEEN);
    float[] inputs = new float[RoomReader.INPUTS];
    reader.copy(0, inputs, 0);
    assertThat(inputs).containsOnly(0f);
  }
}
