package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PlanBoxTest {
  private static final PlanBox BOX = new PlanBox(0, 0, 0, 1, 0.5, 0, 1);

  @Test
  void turnedRectanglesMeetByTheirCornersOnly() {
    double diagonal = Math.sqrt(0.5);
    PlanBox near = new PlanBox(1 + diagonal - 0.01, 0, Math.PI / 4, 0.5, 0.5, 0, 1);
    PlanBox far = new PlanBox(1 + diagonal + 0.01, 0, Math.PI / 4, 0.5, 0.5, 0, 1);
    assertThat(BOX.overlaps(near)).isTrue();
    assertThat(BOX.overlaps(far)).isFalse();
  }

  @Test
  void whatLiesOnTopDoesNotOverlap() {
    assertThat(BOX.overlaps(new PlanBox(0, 0, 0, 1, 1, 1, 2))).isFalse();
    assertThat(BOX.overlaps(new PlanBox(0, 0, 0, 1, 1, 0.9, 2))).isTrue();
  }

  @Test
  void movesWithItsPiece() {
    PlanBox moved = BOX.moved(Assembly.placed(3, 2, 0.5, Math.PI / 2));
    assertThat(moved.covers(3, 2.99)).isTrue();
    assertThat(moved.covers(3.6, 2)).isFalse();
    assertThat(moved.top()).isCloseTo(1.5, within(1e-12)); // rounding
  }
}
