package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.slam.field.FeatureGrid;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FusedDepthTest {
  private final FusedDepth map = new FusedDepth(0.04, 0.16);

  @Test
  void blocksAreThoseOfTheFineGrid() {
    FeatureGrid fine = new FeatureGrid(0.08, 4, 0, 0);
    FusedDepth beside = FusedDepth.beside(fine.voxelEdge());
    assertThat(beside.voxelEdge()).isEqualTo(0.04);
    assertThat(beside.truncation()).isEqualTo(3 * 0.04);
    assertThat(FusedDepth.BLOCK_EDGE * beside.voxelEdge())
        .isEqualTo(FeatureGrid.BLOCK_EDGE * fine.voxelEdge());
  }

  @Test
  void aNewBlockWasNeverSeen() {
    assertThat(map.blockAt(3, -2, 5)).isEqualTo(-1);
    assertThat(map.allocate(3, -2, 5)).isZero();
    assertThat(map.allocate(0, 0, 0)).isEqualTo(1);
    assertThat(map.allocate(3, -2, 5)).as("again").isZero();
    assertThat(map.blockCount()).isEqualTo(2);
    assertThat(List.of(map.blockX(0), map.blockY(0), map.blockZ(0))).containsExactly(3, -2, 5);
    assertThat(map.distances(1)).hasSize(4096).containsOnly(0);
    assertThat(map.weights(1)).hasSize(4096).containsOnly(0);
    assertThat(map.bytes()).isEqualTo(2 * 4096 * 8L);
  }

  @Test
  void blocksKeepTheirContentsAsTheirTablesGrow() {
    map.allocate(0, 0, 0);
    float[] distances = map.distances(0);
    for (int i = 1; i < 100; i++) {
      map.allocate(i % 5, i / 5 % 5, i / 25);
    }
    assertThat(map.distances(0)).isSameAs(distances);
    assertThat(map.blockCount()).isEqualTo(100);
  }

  @Test
  void samplesAreTrilinearWithinAndAcrossBlocks() {
    for (int corner = 0; corner < 8; corner++) {
      int block = map.allocate((corner & 1) - 1, (corner >> 1 & 1) - 1, (corner >> 2) - 1);
      Arrays.fill(map.weights(block), 1);
      for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
        double x = 0.04 * (16 * map.blockX(block) + i % 16);
        double y = 0.04 * (16 * map.blockY(block) + i / 16 % 16);
        double z = 0.04 * (16 * map.blockZ(block) + i / 256);
        map.distances(block)[i] = (float) trilinear(x, y, z);
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      double x = random.nextDouble(-0.6, 0.6);
      double y = random.nextDouble(-0.6, 0.6);
      double z = i % 2 == 0 ? -0.03 : random.nextDouble(-0.6, 0.6);
      // Linear along each axis inside a cell; x y is reproduced exactly, values below 2 in float.
      assertThat((double) map.sample(x, y, z)).isCloseTo(trilinear(x, y, z), within(1e-6));
    }
  }

  private static double trilinear(double x, double y, double z) {
    return 0.3 * x - 0.8 * y + 0.5 * z + 0.9 * x * y + 0.1;
  }

  @Test
  void aSampleBesideAnUnseenVertexIsUnknown() {
    int block = map.allocate(0, 0, 0);
    Arrays.fill(map.weights(block), 1);
    assertThat(map.sample(0.1, 0.1, 0.1)).isZero();
    assertThat(map.sample(0.62, 0.1, 0.1)).as("across the block's end").isNaN();
    assertThat(map.sample(-0.01, 0.1, 0.1)).isNaN();
    map.weights(block)[(3 * 16 + 3) * 16 + 3] = 0;
    assertThat(map.sample(0.1, 0.1, 0.1)).isNaN();
    assertThat(map.sample(0.13, 0.13, 0.13)).isNaN();
    assertThat(map.sample(0.17, 0.13, 0.13)).isZero();
    assertThat(map.vertex(3, 3, 3)).isNaN();
    assertThat(map.vertex(-1, 3, 3)).isNaN();
  }

  @Test
  void edgeAndTruncationAreChecked() {
    assertThatThrownBy(() -> new FusedDepth(0, 0.1)).hasMessage("voxelEdge: 0.0 (expected: > 0 m)");
    assertThatThrownBy(() -> new FusedDepth(0.04, 0.02))
        .hasMessage("truncation: 0.02 m (expected: at least the voxel's edge, 0.04 m)");
  }
}
