package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoomSplitTest {
  @Test
  void seedsOfOneSplitAreDistinctAndLieBelowThoseOfTheNext() {
    RoomSplit[] splits = RoomSplit.values();
    for (RoomSplit split : splits) {
      // Seeds rise by one with the index, so that the first and the last bound them all.
      assertThat(split.seed(1) - split.seed(0)).isEqualTo(1);
      assertThat(split.seed(Integer.MAX_VALUE) - split.seed(0)).isEqualTo(Integer.MAX_VALUE);
    }
    for (int i = 1; i < splits.length; i++) {
      assertThat(splits[i].seed(0)).isGreaterThan(splits[i - 1].seed(Integer.MAX_VALUE));
    }
    assertThat(splits[0].seed(0)).as("past seeds picked by hand").isGreaterThan(Integer.MAX_VALUE);
  }

  @Test
  void refusesANegativeIndex() {
    assertThatThrownBy(() -> RoomSplit.TEST.seed(-1)).hasMessage("index: -1 (expected: >= 0)");
  }
}
