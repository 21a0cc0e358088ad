package io.roomfield.slam.isosurface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OccupancyLatticeTest {
  private static final LatticeBox BOX = new LatticeBox(-3, 4, 10, 2, 3, 4);

  @Test
  void aPointsPlaceIsItsIndexTimesTheSpacing() {
    OccupancyLattice lattice = new OccupancyLattice(BOX, 0.25, 0, new byte[24]);
    int point = BOX.index(1, 2, 3);
    assertThat(lattice.metres(point, 0)).isEqualTo(-0.5f);
    assertThat(lattice.metres(point, 1)).isEqualTo(1.5f);
    assertThat(lattice.metres(point, 2)).isEqualTo(3.25f);
    assertThat(lattice.notFinite(point, Float.NaN))
        .hasMessage("logit NaN at (-0.500, 1.500, 3.250) m (expected: finite)");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new OccupancyLattice(BOX, 0.25, 0, new byte[23]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("lattice: 23 classes (expected: 24 for LatticeBox[");
    assertThatThrownBy(() -> new OccupancyLattice(BOX, 0.25, -1, new byte[24]))
        .hasMessage("lattice: border -1 (expected: >= 0)");
    LatticeBox large = new LatticeBox(0, 0, 0, 1 << 12, 1 << 12, 2);
    assertThatThrownBy(() -> new OccupancyLattice(large, 0.25, 0, new byte[0]))
        .hasMessage("lattice: 33554432 points (expected: at most 16777216)");
  }
}
