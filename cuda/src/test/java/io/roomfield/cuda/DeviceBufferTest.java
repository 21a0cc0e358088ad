package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;

class DeviceBufferTest extends DeviceTest {
  @Test
  void copiesRangesOfEveryType() {
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "buffer", 64)) {
      buffer.fill(stream, 0);
      buffer.upload(stream, new float[] {9, 1.5f, 2.5f, 9}, 1, 2, 2);
      float[] floats = {7, 7, 7, 7};
      buffer.download(stream, floats, 1, 1, 3);
      assertThat(floats).containsExactly(7, 0, 1.5f, 2.5f);

      buffer.upload(stream, new int[] {9, 3, 4}, 1, 0, 2);
      int[] ints = new int[3];
      buffer.download(stream, ints, 0, 1, 2);
      assertThat(ints).containsExactly(0, 3, 4);

      long bits = Double.doubleToRawLongBits(Math.PI);
      buffer.upload(stream, new long[] {bits, -1}, 0, 4, 2);
      long[] longs = new long[2];
      buffer.download(stream, longs, 4, 0, 2);
      assertThat(longs).containsExactly(bits, -1);
      double[] doubles = new double[2];
      buffer.download(stream, doubles, 4, 1, 1);
      assertThat(doubles).containsExactly(0, Math.PI);

      buffer.upload(stream, new byte[] {1, 2, 3}, 1, 61, 2);
      byte[] bytes = new byte[4];
      buffer.download(stream, bytes, 60, 0, 4);
      assertThat(bytes).containsExactly(0, 2, 3, 0);
    }
  }

  @Test
  void copiesArraysThatAreLargerThanTheStagingArea() {
    int count = 3 * StagingArea.BYTES / Integer.BYTES + 17;
    int[] sent = new Random(1).ints(count).toArray();
    int[] back = new int[count];
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "large", 4L * count)) {
      buffer.upload(stream, sent, 0, 0, count);
      buffer.download(stream, back, 0, 0, count);
    }
    assertThat(back).isEqualTo(sent);
  }

  @Test
  void keepsManyUploadsApartUntilTheDeviceHasThem() {
    int count = 40_000;
    int rounds = 100;
    int[] values = new int[count];
    try (DeviceBuffer buffer =
        DeviceBuffer.allocate(context, "rounds", (long) rounds * count * Integer.BYTES)) {
      for (int round = 0; round < rounds; round++) {
        Arrays.fill(values, round);
        buffer.upload(stream, values, 0, (long) round * count, count);
      }
      int[] back = new int[rounds * count];
      buffer.download(stream, back, 0, 0, back.length);
      for (int i = 0; i < back.length; i++) {
        assertThat(back[i]).isEqualTo(i / count);
      }
    }
  }

  @Test
  void countsNoMoreBytesThanAsked() {
    EmulatedDriver.assumeEmulated();
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "a", 100);
        DeviceBuffer other = DeviceBuffer.allocate(context, "b", 100)) {
      buffer.upload(stream, new int[25], 0, 0, 25);
      other.copyFrom(stream, buffer, 0, 0, 60);
      other.download(stream, new int[25], 0, 0, 5);
      assertThat(EmulatedDriver.copiedBytes(EmulatedDriver.Direction.HOST_TO_DEVICE))
          .isEqualTo(100);
      assertThat(EmulatedDriver.copiedBytes(EmulatedDriver.Direction.DEVICE_TO_DEVICE))
          .isEqualTo(60);
      assertThat(EmulatedDriver.copiedBytes(EmulatedDriver.Direction.DEVICE_TO_HOST)).isEqualTo(20);
    }
  }

  @Test
  void fillsWordsAndCopiesBetweenBuffers() {
    try (DeviceBuffer source = DeviceBuffer.allocate(context, "source", 16);
        DeviceBuffer destination = DeviceBuffer.allocate(context, "destination", 16)) {
      source.fill(stream, 5);
      source.fill(stream, 6, 1, 2);
      destination.fill(stream, -1);
      destination.copyFrom(stream, source, 4, 8, 8);
      int[] back = new int[4];
      destination.download(stream, back, 0, 0, 4);
      assertThat(back).containsExactly(-1, -1, 6, 6);
    }
  }

  @Test
  void refusesRangesOutsideOfBufferOrArray() {
    try (DeviceBuffer buffer = floats("fine features", 1, 2, 3)) {
      assertThatThrownBy(() -> buffer.upload(stream, new float[9], 0, 1, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("fine features: 12 bytes from byte 4 (expected: within its 12 bytes)");
      assertThatThrownBy(() -> buffer.download(stream, new float[2], 0, 0, 3))
          .hasMessage(
              "array for fine features: 12 bytes from byte 0 (expected: within its 8 bytes)");
      assertThatThrownBy(() -> buffer.fill(stream, 0, -1, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> buffer.copyFrom(stream, buffer, 0, 8, 8))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> DeviceBuffer.allocate(context, "rays", 0))
        .hasMessage("rays: 0 bytes (expected: at least 1)");
    try (DeviceBuffer odd = DeviceBuffer.allocate(context, "mask", 6)) {
      assertThatThrownBy(() -> odd.fill(stream, 0))
          .hasMessage("fill of mask: 6 bytes (expected: a multiple of 4)");
    }
  }

  @Test
  void growsByHalfAtLeast() {
    DeviceBuffer buffer = DeviceBuffer.allocate(context, "samples", 100);
    assertThat(buffer.ensure(100)).isSameAs(buffer);
    DeviceBuffer larger = buffer.ensure(101);
    assertThat(larger.bytes()).isEqualTo(150);
    assertThatThrownBy(buffer::pointer).isInstanceOf(IllegalStateException.class);
    DeviceBuffer largest = larger.ensure(1000);
    assertThat(largest.bytes()).isEqualTo(1000);
    largest.close();
  }

  @Test
  void growsToWhatIsNeededWhereThereIsNoRoomForMore() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.setMemory(1000);
    try (DeviceBuffer grown = DeviceBuffer.allocate(context, "samples", 800).ensure(900)) {
      assertThat(grown.bytes()).isEqualTo(900);
      assertThatThrownBy(() -> grown.ensure(1001))
          .isInstanceOf(CudaException.OutOfMemory.class)
          .hasMessageContaining("cuMemAlloc of 1001 bytes for samples");
    }
  }

  @Test
  void errorsNameCallBufferAndSize() {
    EmulatedDriver.assumeEmulated();
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "fine features", 2_000_000)) {
      EmulatedDriver.fail("cuMemsetD32Async", CUresult.CUDA_ERROR_INVALID_VALUE, 1);
      buffer.fill(stream, 1);
      assertThatThrownBy(() -> buffer.fill(stream, 1))
          .isInstanceOfSatisfying(
              CudaException.class,
              e -> {
                assertThat(e.error()).isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
                assertThat(e.isDeviceLost()).isFalse();
              })
          .hasMessageStartingWith(
              "cuMemsetD32Async of 500000 words of fine features: CUDA_ERROR_INVALID_VALUE (");
    }
  }

  @Test
  void movesThroughPinnedMemory() {
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "frame", 32);
        PinnedBuffer out = PinnedBuffer.allocate(context, "out", 32);
        PinnedBuffer in = PinnedBuffer.allocate(context, "in", 32)) {
      out.floats().put(0, new float[] {1, 2, 3, 4});
      out.longs().put(2, -7);
      out.upload(stream, buffer, 0, 0, 32);
      in.download(stream, buffer, 4, 0, 28);
      stream.synchronize();
      assertThat(in.floats().get(0)).isEqualTo(2);
      assertThat(in.ints().get(3)).isEqualTo(-7);
      assertThat(in.bytes().get(12)).isEqualTo((byte) -7);
      assertThatThrownBy(() -> in.download(stream, buffer, 0, 16, 17))
          .hasMessage("in: 17 bytes from byte 16 (expected: within its 32 bytes)");
    }
    assertThatThrownBy(() -> PinnedBuffer.allocate(context, "frame", 0))
        .hasMessage("frame: 0 bytes (expected: at least 1)");
  }
}
