package io.roomfield.slam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class SoftHeapLimitTest {
  @Test
  void leavesHalfOfWhatIsAliveToTheCollectorWithinTheHeap() {
    assertThat(SoftHeapLimit.limit(400, 1000, 4000)).as("a room").isEqualTo(1000);
    assertThat(SoftHeapLimit.limit(1200, 1000, 4000)).as("a house").isEqualTo(1800);
    assertThat(SoftHeapLimit.limit(3000, 1000, 4000)).as("the hard limit").isEqualTo(4000);
    assertThat(SoftHeapLimit.limit(400, 5000, 4000)).isEqualTo(4000);
  }

  @Test
  void otherCollectorsAreLeftAlone() {
    assertThatNoException().isThrownBy(SoftHeapLimit::follow);
  }
}
