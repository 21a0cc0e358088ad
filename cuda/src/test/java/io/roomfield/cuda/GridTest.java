package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GridTest {
  @Test
  void coversEveryItem() {
    assertThat(Grid.covering(257, 256)).isEqualTo(new Grid(2, 1, 256, 0));
    assertThat(Grid.covering(256, 256)).isEqualTo(new Grid(1, 1, 256, 0));
    assertThat(Grid.covering(0, 256).blocksX()).isZero();
    assertThat(Grid.covering(1, 32).withShared(64)).isEqualTo(new Grid(1, 1, 32, 64));
  }

  @Test
  void saysWhatIsOutOfRange() {
    assertThatThrownBy(() -> Grid.covering(-1, 32)).hasMessage("items: -1 (expected: >= 0)");
    assertThatThrownBy(() -> new Grid(-1, 1, 32, 0)).hasMessage("blocksX: -1 (expected: >= 0)");
    assertThatThrownBy(() -> new Grid(1, 65_536, 32, 0))
        .hasMessage("blocksY: 65536 (expected: 0 to 65535)");
    assertThatThrownBy(() -> new Grid(1, 1, 2048, 0))
        .hasMessage("threads: 2048 (expected: 1 to 1024)");
    assertThatThrownBy(() -> new Grid(1, 1, 32, -1)).hasMessage("sharedBytes: -1 (expected: >= 0)");
  }

  @Test
  void argumentsSayWhenTheyAreTooMany() {
    Arguments arguments = new Arguments();
    for (int i = 0; i < 64; i++) {
      arguments.i64(i);
    }
    assertThatThrownBy(() -> arguments.f32(1))
        .hasMessageStartingWith("parameter 65 of 4 bytes (expected: at most 64 parameters");
    assertThatThrownBy(() -> arguments.reset().struct(ByteBuffer.allocate(5000)))
        .hasMessageStartingWith("parameter 1 of 5000 bytes (expected: ");
  }
}
