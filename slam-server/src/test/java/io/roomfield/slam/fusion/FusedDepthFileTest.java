package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FusedDepthFileTest {
  private static final int FORM = 8;
  private static final int SIZES = 24;
  private static final int BLOCK = 16 + 2 * 4 * 4096;

  private static FusedDepth map() {
    FusedDepth map = new FusedDepth(0.04, 0.16);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 3; i++) {
      int block = map.allocate(i, -7 * i, 1000 - i);
      for (int v = 0; v < FusedDepth.BLOCK_VOXELS; v += 3) {
        map.distances(block)[v] = (float) random.nextDouble(-1, 1);
        map.weights(block)[v] = (float) random.nextDouble(16);
      }
    }
    return map;
  }

  private static byte[] written(FusedDepth map) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    map.write(out);
    return out.toByteArray();
  }

  private static FusedDepth read(byte[] bytes) throws IOException {
    return FusedDepth.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    FusedDepth map = map();
    byte[] bytes = written(map);
    assertThat(bytes).hasSize(FORM + SIZES + 3 * BLOCK).startsWith('R', 'F', 'F', 'D', 1, 0, 0, 0);
    FusedDepth read = read(bytes);
    assertThat(read.voxelEdge()).isEqualTo(0.04);
    assertThat(read.truncation()).isEqualTo(0.16);
    assertThat(read.blockCount()).isEqualTo(3);
    for (int block = 0; block < 3; block++) {
      assertThat(read.blockAt(map.blockX(block), map.blockY(block), map.blockZ(block)))
          .isEqualTo(block);
      assertThat(read.distances(block)).isEqualTo(map.distances(block));
      assertThat(read.weights(block)).isEqualTo(map.weights(block));
    }
  }

  @Test
  void anEmptyMapIsAMap() throws IOException {
    assertThat(read(written(new FusedDepth(0.1, 0.3))).blockCount()).isZero();
  }

  @Test
  void whatFollowsIsLeftInTheStream() throws IOException {
    byte[] bytes = written(map());
    ByteArrayInputStream in = new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 5));
    FusedDepth.read(in);
    assertThat(in.available()).isEqualTo(5);
  }

  @Test
  void anotherKindOfFileIsRefused() throws IOException {
    assertThatThrownBy(() -> read(new byte[] {'G', 'I', 'F', '8', '9', 'a', 0, 0}))
        .isInstanceOf(IOException.class)
        .hasMessage("fused depth: magic is 38464947 (expected: 44464652)");
    byte[] bytes = written(map());
    bytes[4] = 2;
    assertThatThrownBy(() -> read(bytes))
        .hasMessage("fused depth: version is 00000002 (expected: 00000001)");
    assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("magic is 00000000");
  }

  @Test
  void everyDamagedByteIsNoticed() throws IOException {
    byte[] bytes = written(map());
    for (int at = FORM; at < bytes.length; at += at < FORM + SIZES ? 1 : 997) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      String what = at < FORM + SIZES ? "sizes" : "block " + (at - FORM - SIZES) / BLOCK + " of 3";
      assertThatThrownBy(() -> read(damaged))
          .as("byte %d", at)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("fused depth: " + what + ": CRC32C is ");
    }
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] bytes = written(map());
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, FORM + 10)))
        .isInstanceOf(EOFException.class)
        .hasMessage("fused depth: sizes ends after 10 bytes (expected: 24)");
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, FORM + SIZES + BLOCK + 100)))
        .isInstanceOf(EOFException.class)
        .hasMessage("fused depth: block 1 of 3 ends after 100 bytes (expected: 32784)");
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, FORM + SIZES + 2 * BLOCK)))
        .hasMessage("fused depth: block 2 of 3 ends after 0 bytes (expected: 32784)");
  }

  @Test
  void aBlockThatComesTwiceIsRefused() throws IOException {
    byte[] bytes = written(map());
    System.arraycopy(bytes, FORM + SIZES, bytes, FORM + SIZES + BLOCK, BLOCK);
    assertThatThrownBy(() -> read(bytes))
        .hasMessage(
            "fused depth: block 1 of 3: number at its coordinates is 00000000 (expected: 00000001)");
  }
}
