package io.roomfield.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked memory of the host, which the device copies from and to while the program goes on.
 *
 * <p>What an upload was given must stay, and what a download brings is there, only when the stream
 * has been synchronised. No view may be used after {@link #close()}.
 */
public final class PinnedBuffer implements AutoCloseable {
  private final CudaContext context;
  private final String name;
  private final Pointer pointer;
  private final ByteBuffer view;
  private final MemorySegment segment;
  private boolean closed;

  private PinnedBuffer(CudaContext context, String name, Pointer pointer, ByteBuffer view) {
    this.context = context;
    this.name = name;
    this.pointer = pointer;
    this.view = view;
    this.segment = MemorySegment.ofBuffer(view);
  }

  /**
   * Takes page-locked memory; its contents are arbitrary.
   *
   * @param name what is in it, for errors
   * @param bytes size, at least 1
   * @throws CudaException.OutOfMemory if there is too little
   */
  public static PinnedBuffer allocate(CudaContext context, String name, int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(name + ": " + bytes + " bytes (expected: at least 1)");
    }
    context.makeCurrent();
    Pointer pointer = new Pointer();
    Calls.check(
        JCudaDriver.cuMemHostAlloc(pointer, bytes, 0),
        () -> "cuMemHostAlloc of " + Calls.size(bytes) + " for " + name);
    ByteBuffer view = pointer.getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new PinnedBuffer(context, name, pointer, view);
  }

  /** Returns the memory, little endian; positions of one view do not touch another's. */
  public ByteBuffer bytes() {
    requireOpen();
    return view.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the memory as 32-bit floats. */
  public FloatBuffer floats() {
    return bytes().asFloatBuffer();
  }

  /** Returns the memory as 32-bit integers. */
  public IntBuffer ints() {
    return bytes().asIntBuffer();
  }

  /** Returns the memory as 64-bit integers. */
  public LongBuffer longs() {
    return bytes().asLongBuffer();
  }

  /**
   * Queues a copy to the device and returns at once.
   *
   * @param from first byte here
   * @param to first byte there
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the range leaves one of the buffers
   */
  public void upload(CudaStream stream, DeviceBuffer destination, long from, long to, long bytes) {
    requireRange(from, bytes);
    destination.requireRange(to, bytes);
    Calls.check(
        JCudaDriver.cuMemcpyHtoDAsync(
            destination.at(to), pointer.withByteOffset(from), bytes, stream.handle()),
        () ->
            "cuMemcpyHtoDAsync of %s from %s to %s"
                .formatted(Calls.size(bytes), name, destination.name()));
  }

  /**
   * Queues a copy from the device and returns at once.
   *
   * @param from first byte there
   * @param to first byte here
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the range leaves one of the buffers
   */
  public void download(CudaStream stream, DeviceBuffer source, long from, long to, long bytes) {
    requireRange(to, bytes);
    source.requireRange(from, bytes);
    Calls.check(
        JCudaDriver.cuMemcpyDtoHAsync(
            pointer.withByteOffset(to), source.at(from), bytes, stream.handle()),
        () ->
            "cuMemcpyDtoHAsync of %s from %s to %s"
                .formatted(Calls.size(bytes), source.name(), name));
  }

  MemorySegment segment() {
    requireOpen();
    return segment;
  }

  private void requireRange(long from, long bytes) {
    requireOpen();
    DeviceBuffer.requireRange(name, view.capacity(), from, bytes);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  /**
   * Frees the memory; no stream may still copy.
   *
   * @throws CudaException if the driver refuses, other than for a lost device
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    context.makeCurrent();
    closed = true;
    Calls.checkRelease(JCudaDriver.cuMemFreeHost(pointer), () -> "cuMemFreeHost of " + name);
  }
}
