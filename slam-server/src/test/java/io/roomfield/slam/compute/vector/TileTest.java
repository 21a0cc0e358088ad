package io.roomfield.slam.compute.vector;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class TileTest {
  @Test
  void sumsEveryLaneOnce() {
    float[] powers = new float[Tile.LANES];
    for (int lane = 0; lane < powers.length; lane++) {
      powers[lane] = 1 << lane;
    }
    // Powers of two below 2^24 add exactly in any order.
    assertThat(Tile.sum(FloatVector.fromArray(Tile.SPECIES, powers, 0)))
        .isEqualTo((float) ((1 << Tile.LANES) - 1));
  }

  @Test
  void tilesHoldEveryPoint() {
    assertThat(Tile.count(0)).isZero();
    assertThat(Tile.count(1)).isEqualTo(1);
    assertThat(Tile.count(Tile.POINTS)).isEqualTo(1);
    assertThat(Tile.count(Tile.POINTS + 1)).isEqualTo(2);
  }
}
