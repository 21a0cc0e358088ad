package io.roomfield.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;

/**
 * The parameters of a launch, in the order that the kernel declares them.
 *
 * <p>A launch copies them, so that an object serves many launches; {@link #reset()} begins anew.
 */
public final class Arguments {
  /** No kernel may have more bytes of parameters before CUDA 12.1, and ours need far fewer. */
  private static final int MAX_BYTES = 4096;

  private static final int MAX_COUNT = 64;

  /** The strictest alignment of a type in C; each parameter has an address of its own. */
  private static final int ALIGNMENT = 16;

  private final ByteBuffer values = direct(MAX_BYTES);
  private final ByteBuffer addresses = direct(MAX_COUNT * Long.BYTES);
  private final long base = MemorySegment.ofBuffer(values).address();
  private final Pointer pointer = Pointer.to(addresses);
  private int count;

  /** Forgets all parameters. */
  public Arguments reset() {
    values.clear();
    count = 0;
    return this;
  }

  /** Adds the address of a buffer; that of null is 0. */
  public Arguments buffer(DeviceBuffer buffer) {
    return i64(buffer == null ? 0 : buffer.pointer());
  }

  /** Adds an address in the device's memory. */
  public Arguments address(long address) {
    return i64(address);
  }

  /** Adds a 32-bit integer. */
  public Arguments i32(int value) {
    begin(Integer.BYTES);
    values.putInt(value);
    return this;
  }

  /** Adds a 32-bit float. */
  public Arguments f32(float value) {
    begin(Float.BYTES);
    values.putFloat(value);
    return this;
  }

  /** Adds a 64-bit integer. */
  public Arguments i64(long value) {
    begin(Long.BYTES);
    values.putLong(value);
    return this;
  }

  /** Adds a struct, laid out as the kernel declares it, from the buffer's position to its limit. */
  public Arguments struct(ByteBuffer struct) {
    begin(struct.remaining());
    values.put(struct.duplicate());
    return this;
  }

  /** Returns the {@code void**} of cuLaunchKernel: a table of the parameters' addresses. */
  Pointer pointer() {
    return pointer;
  }

  int count() {
    return count;
  }

  /** Returns all values, with zeros between those of different alignment. */
  ByteBuffer values() {
    return values.duplicate().flip();
  }

  private void begin(int bytes) {
    int start = Math.ceilDiv(values.position(), ALIGNMENT) * ALIGNMENT;
    if (count == MAX_COUNT || start + bytes > MAX_BYTES) {
      throw new IllegalStateException(
          "parameter %d of %d bytes (expected: at most %d parameters of %d bytes together)"
              .formatted(count + 1, bytes, MAX_COUNT, MAX_BYTES));
    }
    while (values.position() < start) {
      values.put((byte) 0);
    }
    addresses.putLong(count * Long.BYTES, base + start);
    count++;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
