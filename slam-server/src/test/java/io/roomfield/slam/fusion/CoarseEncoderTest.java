package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Coarse voxels of 2 m, so that a block is 16 m wide. */
class CoarseEncoderTest {
  private static final int CHANNELS = 4;
  private static final Decoder.Shape SHAPE =
      new Decoder.Shape(0, RoomReader.INPUTS, 8, 2, Decoder.NO_SKIP, CHANNELS);

  private final ComputeBackend backend = new ScalarBackend();
  private final Decoder network = DecoderWeights.random(SHAPE, 1, 4);
  private final FeatureGrid grid = new FeatureGrid(2, CHANNELS, 0f, 0);
  private final FusedDepth fused = FusedDepth.beside(FilledDepth.FINE_VOXEL);
  private final CoarseEncoder encoder = new CoarseEncoder(grid, network, fused, backend);

  /** A block of fused depth with a wall at x = 0.2. */
  private int wall(int bx, int by, int bz) {
    int block = fused.allocate(bx, by, bz);
    FilledDepth.fill(fused, block, (x, y, z) -> x - 0.2);
    return block;
  }

  @Test
  void allocatesThreeMetresAroundWhatWasSeen() {
    encoder.observe(new int[] {wall(5, 5, 5)});
    assertThat(grid.blockCount()).as("3.4 m to 10.7 m").isEqualTo(1);
    encoder.observe(new int[] {wall(0, 5, 5)});
    assertThat(grid.blockCount()).as("x from -3 m").isEqualTo(2);
    assertThat(grid.blockAt(-1, 0, 0)).isNotNegative();
    encoder.observe(new int[] {wall(0, 0, 0)});
    assertThat(grid.blockCount()).isEqualTo(8);
  }

  @Test
  void verticesNearTheWallAreEncodedAndOthersAreUnseen() {
    encoder.update(new int[] {wall(0, 0, 0)});
    float[] unseen = new float[CHANNELS];
    backend.apply(network, new float[RoomReader.INPUTS], 1, unseen);
    float[] block = grid.block(grid.blockAt(0, 0, 0));
    assertThat(feature(block, 0)).isNotEqualTo(unseen);
    assertThat(feature(block, FeatureGrid.BLOCK_VOXELS - 1)).isEqualTo(unseen);
    float[] before = block.clone();
    encoder.update(new int[0]);
    assertThat(block).as("nothing changed").isEqualTo(before);
    int other = wall(1, 0, 0);
    FilledDepth.fill(fused, other, (x, y, z) -> y - 0.6);
    encoder.update(new int[] {other});
    assertThat(block).as("encoded anew").isNotEqualTo(before);
  }

  private static float[] feature(float[] block, int vertex) {
    return Arrays.copyOfRange(block, vertex * CHANNELS, (vertex + 1) * CHANNELS);
  }

  /** The derivative of {@code sum gradient * features} by an output's bias is plain. */
  @Test
  void backwardReachesTheEncoderFromEveryVertex() {
    encoder.update(new int[] {wall(0, 0, 0)});
    float[] gradient = new float[FeatureGrid.BLOCK_VOXELS * CHANNELS];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = i % CHANNELS + (i / CHANNELS == 0 ? 10 : 1);
    }
    float[][] weights = new float[1][SHAPE.weightCount()];
    encoder.backward(block -> block == 0 ? gradient : null, weights);
    for (int c = 0; c < CHANNELS; c++) {
      float sum = FeatureGrid.BLOCK_VOXELS * (c + 1) + 9;
      // Whole numbers up to 2^24 have no rounding.
      assertThat(weights[0][SHAPE.outputBiasOffset() + c]).isEqualTo(sum, Offset.offset(0f));
    }
  }
}
