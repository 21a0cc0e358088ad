package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.Arguments;
import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaStream;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.cuda.KernelModule;
import io.roomfield.cuda.PinnedBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What one call at a time works with: a stream, and buffers that grow and are used again. */
final class Workspace implements AutoCloseable {
  /** Threads of a block where a kernel does not ask for another number. */
  static final int THREADS = 128;

  static final int WARP = 32;

  private static final int FIRST_PINNED_BYTES = 1 << 16;

  private final CudaContext context;
  private final KernelModule kernels;
  private final CudaStream stream;
  private final Map<String, DeviceBuffer> buffers = new HashMap<>();
  private final Map<String, PinnedBuffer> pinned = new HashMap<>();
  private final Arguments arguments = new Arguments();

  private boolean committed;

  /** Null where launches are not timed. */
  private LaunchTimes times;

  /**
   * @param first whether its work goes before other streams'
   */
  Workspace(CudaContext context, KernelModule kernels, boolean first) {
    this.context = context;
    this.kernels = kernels;
    stream = CudaStream.create(context, first);
  }

  /** Makes a call, which may still be made again until it {@link #commit commits}. */
  <T> T call(Function<Workspace, T> work) {
    committed = false;
    return work.apply(this);
  }

  /**
   * From now on the call adds to what outlives it, so that it must not be made again; what memory
   * it needs should be taken before.
   */
  void commit() {
    committed = true;
  }

  boolean isCommitted() {
    return committed;
  }

  CudaStream stream() {
    return stream;
  }

  CudaContext context() {
    return context;
  }

  /** A buffer of at least so many bytes; what was in it may be lost. */
  DeviceBuffer bytes(String name, long bytes) {
    long needed = Math.max(bytes, Long.BYTES);
    DeviceBuffer buffer = buffers.remove(name);
    buffer = buffer == null ? DeviceBuffer.allocate(context, name, needed) : buffer.ensure(needed);
    buffers.put(name, buffer);
    return buffer;
  }

  /** A buffer of at least so many floats or 32-bit integers. */
  DeviceBuffer words(String name, long count) {
    return bytes(name, Float.BYTES * count);
  }

  /** A buffer with these numbers in it. */
  DeviceBuffer of(String name, long[] values) {
    DeviceBuffer buffer = bytes(name, (long) Long.BYTES * values.length);
    buffer.upload(stream, values, 0, 0, values.length);
    return buffer;
  }

  /** A buffer with the first numbers of an array in it. */
  DeviceBuffer of(String name, float[] values, int count) {
    DeviceBuffer buffer = words(name, count);
    buffer.upload(stream, values, 0, 0, count);
    return buffer;
  }

  /** Host memory that copies need not wait for, at least so many bytes. */
  PinnedBuffer pinned(String name, int bytes) {
    PinnedBuffer buffer = pinned.get(name);
    if (buffer != null && buffer.bytes().capacity() >= bytes) {
      return buffer;
    }
    if (buffer != null) {
      pinned.remove(name).close();
    }
    int roomy = Math.max(FIRST_PINNED_BYTES, Integer.highestOneBit(Math.max(bytes, 1)) * 2);
    buffer = PinnedBuffer.allocate(context, name, roomy);
    pinned.put(name, buffer);
    return buffer;
  }

  /** Parameters of the next launch. */
  Arguments arguments() {
    return arguments.reset();
  }

  /** Launches a kernel with what {@link #arguments} was filled with. */
  void launch(String kernel, Grid grid) {
    if (times == null) {
      kernels.kernel(kernel).launch(stream, grid, arguments);
    } else {
      times.around(kernel, this, () -> kernels.kernel(kernel).launch(stream, grid, arguments));
    }
  }

  void time(LaunchTimes launchTimes) {
    times = launchTimes;
  }

  /** A grid of one warp an item. */
  static Grid warpEach(int items, int sharedBytesPerWarp) {
    return Grid.covering((long) items * WARP, THREADS)
        .withShared(THREADS / WARP * sharedBytesPerWarp);
  }

  /** Gives back what it holds on the device, but for the stream. */
  void shrink() {
    buffers.values().forEach(DeviceBuffer::close);
    buffers.clear();
  }

  @Override
  public void close() {
    shrink();
    pinned.values().forEach(PinnedBuffer::close);
    stream.close();
  }
}
