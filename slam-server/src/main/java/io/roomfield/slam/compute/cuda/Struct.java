package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A kernel's struct, field by field as the C++ source declares it: addresses and doubles first in
 * each, so that nothing but the end is padded.
 */
final class Struct {
  private static final int MAX_BYTES = 1024;

  private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());

  /** An address, of null 0. */
  Struct buffer(DeviceBuffer buffer) {
    return address(buffer == null ? 0 : buffer.pointer());
  }

  Struct address(long address) {
    bytes.putLong(address);
    return this;
  }

  Struct i32(int... values) {
    for (int value : values) {
      bytes.putInt(value);
    }
    return this;
  }

  Struct i32(boolean value) {
    return i32(value ? 1 : 0);
  }

  Struct f32(float... values) {
    for (float value : values) {
      bytes.putFloat(value);
    }
    return this;
  }

  Struct f64(double value) {
    bytes.putDouble(value);
    return this;
  }

  /** A struct within this one. */
  Struct struct(Struct inner) {
    bytes.put(inner.padded());
    return this;
  }

  /** Zeros where another struct would be. */
  Struct skip(int count) {
    bytes.put(new byte[count]);
    return this;
  }

  /** Its bytes, as many as {@code sizeof} says. */
  ByteBuffer padded() {
    ByteBuffer all = bytes.duplicate();
    int size = (bytes.position() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    return all.position(0).limit(size);
  }
}
