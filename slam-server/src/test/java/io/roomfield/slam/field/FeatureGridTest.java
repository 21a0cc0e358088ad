package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FeatureGridTest {
  private static final int CHANNELS = 4;

  @Test
  void numbersBlocksInOrderOfAllocation() {
    FeatureGrid grid = grid();
    assertThat(grid.blockAt(0, 0, 0)).isEqualTo(-1);
    assertThat(grid.allocate(5, -2, 7)).isZero();
    assertThat(grid.allocate(5, -1, 7)).isEqualTo(1);
    assertThat(grid.allocate(5, -2, 7)).as("again").isZero();
    assertThat(grid.blockCount()).isEqualTo(2);
    assertThat(grid.blockAt(5, -1, 7)).isEqualTo(1);
    assertThat(List.of(grid.blockX(1), grid.blockY(1), grid.blockZ(1))).containsExactly(5, -1, 7);
    assertThat(grid.block(1)).hasSize(512 * CHANNELS);
    assertThat(grid.bytes()).isEqualTo(2 * 512 * CHANNELS * 4L);
  }

  @Test
  void evictedFeaturesComeBackForEveryGridThatShowsThem() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    FeatureGrid snapshot = grid.snapshot();
    float[] kept = grid.block(0).clone();
    List<String> told = new ArrayList<>();
    EvictedFeatures disk =
        new EvictedFeatures() {
          @Override
          public float[] features() {
            told.add("read");
            return kept.clone();
          }

          @Override
          public void loaded() {
            told.add("loaded");
          }
        };
    assertThat(grid.content(0).evict(disk)).isTrue();
    assertThat(grid.content(0).evict(disk)).as("again").isFalse();
    assertThat(grid.residentBytes()).isZero();
    assertThat(snapshot.residentBytes()).isZero();
    assertThat(snapshot.blockAt(0, 0, 0)).as("is there all the same").isZero();
    assertThat(snapshot.block(0)).isEqualTo(kept);
    assertThat(grid.block(0)).isSameAs(snapshot.block(0));
    assertThat(told).containsExactly("read", "loaded");

    // What the grid has changed is on disk as it is now: nobody may read the old one from there.
    FeatureGrid.Content old = grid.content(0);
    assertThat(old.evict(disk)).isTrue();
    grid.blockToChange(0)[0] = 17;
    assertThat(snapshot.block(0)).isEqualTo(kept);
    assertThat(old.evict(disk)).isFalse();
    assertThat(grid.content(0).evict(disk)).isTrue();
  }

  @Test
  void thePageGrowsInEveryDirection() {
    FeatureGrid grid = grid();
    int[][] blocks = {
      {0, 0, 0}, {3, 0, 0}, {-4, 0, 0}, {0, 5, 0}, {0, -6, 0}, {0, 0, 7}, {0, 0, -8}, {-9, 9, -9}
    };
    for (int[] b : blocks) {
      grid.allocate(b[0], b[1], b[2]);
    }
    for (int i = 0; i < blocks.length; i++) {
      assertThat(grid.blockAt(blocks[i][0], blocks[i][1], blocks[i][2])).isEqualTo(i);
    }
    int found = 0;
    for (int z = -12; z <= 12; z++) {
      for (int y = -12; y <= 12; y++) {
        for (int x = -12; x <= 12; x++) {
          found += grid.blockAt(x, y, z) >= 0 ? 1 : 0;
        }
      }
    }
    assertThat(found).isEqualTo(blocks.length);
  }

  @Test
  void blocksKeepTheirContentsAsTheirTablesGrow() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    float[] block = grid.block(0);
    for (int i = 1; i < 100; i++) {
      grid.allocate(i % 5, i / 5 % 5, i / 25);
    }
    assertThat(grid.block(0)).isSameAs(block);
    assertThat(grid.blockCount()).isEqualTo(100);
  }

  @Test
  void contentsDependOnPositionAndSeedNotOnTheOrderOfAllocation() {
    List<int[]> blocks = new ArrayList<>();
    for (int i = 0; i < 27; i++) {
      blocks.add(new int[] {i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1});
    }
    FeatureGrid grid = grid();
    blocks.forEach(b -> grid.allocate(b[0], b[1], b[2]));
    Collections.shuffle(blocks, new Random(1));
    FeatureGrid shuffled = grid();
    blocks.forEach(b -> shuffled.allocate(b[0], b[1], b[2]));
    FeatureGrid seeded = new FeatureGrid(0.16, CHANNELS, 0.01f, 8);
    for (int[] b : blocks) {
      float[] features = grid.block(grid.blockAt(b[0], b[1], b[2]));
      assertThat(shuffled.block(shuffled.blockAt(b[0], b[1], b[2]))).isEqualTo(features);
      assertThat(seeded.block(seeded.allocate(b[0], b[1], b[2]))).isNotEqualTo(features);
    }
  }

  @Test
  void featuresStartWithTheGivenSpread() {
    FeatureGrid grid = grid();
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int block = 0; block < 10; block++) {
      for (float feature : grid.block(grid.allocate(block, 0, 0))) {
        sum += feature;
        squares += feature * feature;
        n++;
      }
    }
    // 20480 values of N(0, 0.01^2): the mean's deviation is 7e-5, the spread's 5e-5; four of them.
    assertThat(sum / n).isEqualTo(0, Offset.offset(2.8e-4));
    assertThat(Math.sqrt(squares / n)).isEqualTo(0.01, Offset.offset(2e-4));
  }

  @Test
  void aSnapshotDoesNotSeeLaterChanges() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    FeatureGrid snapshot = grid.snapshot();
    float before = snapshot.block(0)[0];
    grid.blockToChange(0)[0] = 42;
    for (int i = 1; i < 40; i++) {
      grid.allocate(-i, i, 1);
    }
    assertThat(snapshot.block(0)[0]).isEqualTo(before);
    assertThat(snapshot.blockCount()).isEqualTo(1);
    assertThat(snapshot.blockAt(-1, 1, 1)).isEqualTo(-1);
    assertThat(snapshot.blockAt(0, 0, 0)).isZero();
  }

  @Test
  void aSnapshotDoesNotSeeABlockAllocatedInsideItsPage() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    grid.allocate(2, 0, 0);
    FeatureGrid snapshot = grid.snapshot();
    grid.allocate(1, 0, 0);
    assertThat(snapshot.blockAt(1, 0, 0)).isEqualTo(-1);
  }

  @Test
  void snapshotsShareWhatDidNotChange() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    grid.allocate(1, 0, 0);
    FeatureGrid first = grid.snapshot();
    assertThat(grid.block(1)).isSameAs(first.block(1));
    grid.blockToChange(1)[3] = 7;
    float[] copy = grid.block(1);
    assertThat(grid.blockToChange(1)).as("copied once").isSameAs(copy);
    grid.blockToChange(grid.allocate(0, 1, 0))[3] = 8;
    FeatureGrid second = grid.snapshot();
    assertThat(second.block(0)).isSameAs(first.block(0)).isSameAs(grid.block(0));
    assertThat(first.block(1)[3]).isNotEqualTo(7);
    assertThat(second.block(1)[3]).isEqualTo(7);
    grid.blockToChange(1)[3] = 9;
    grid.blockToChange(2)[3] = 9;
    assertThat(second.block(1)[3]).isEqualTo(7);
    assertThat(second.block(2)[3]).isEqualTo(8);
  }

  @Test
  void aMapOfAbsurdExtentIsAnError() {
    FeatureGrid grid = grid();
    grid.allocate(0, 0, 0);
    assertThatThrownBy(() -> grid.allocate(100_000, 100_000, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("map extends over 100001 x 100001 x 1 blocks of 1.28 m");
    assertThat(grid.blockCount()).isEqualTo(1);
  }

  @Test
  void edgeAndChannelsAreChecked() {
    assertThatThrownBy(() -> new FeatureGrid(0, 4, 0.01f, 1))
        .hasMessage("voxelEdge: 0.0 (expected: > 0 m)");
    assertThatThrownBy(() -> new FeatureGrid(0.16, 6, 0.01f, 1))
        .hasMessage("channels: 6 (expected: 0 or a positive multiple of 4)");
  }

  private static FeatureGrid grid() {
    return new FeatureGrid(0.16, CHANNELS, 0.01f, 7);
  }
}
