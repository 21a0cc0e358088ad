package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.Arguments;
import io.roomfield.cuda.CommandList;
import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaStream;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.cuda.KernelModule;
import io.roomfield.cuda.PinnedBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What one call at a time works with: a stream, and buffers that grow and are used again. */
final class Workspace implements AutoCloseable {
  /** Threads of a block where a kernel does not ask for another number. */
  static final int THREADS = 128;

  static final int WARP = 32;

  private static final int FIRST_PINNED_BYTES = 1 << 16;

  private final CudaContext context;
  private final KernelModule kernels;
  private final boolean half;
  private final CudaStream stream;
  private final Map<String, DeviceBuffer> buffers = new HashMap<>();
  private final Map<String, PinnedBuffer> pinned = new HashMap<>();
  private final Arguments arguments = new Arguments();
  private final CommandList list = new CommandList();
  private final Graphs graphs = new Graphs();
  private boolean usesGraphs = true;

  /** Whether commands are listed now, not given. */
  private boolean listing;

  /** Whether a buffer was replaced, so that what was listed before may name memory that is gone. */
  private boolean replaced;

  private boolean committed;

  /** Null where launches are not timed. */
  private LaunchTimes times;

  /**
   * @param half whether decoders run in half precision
   * @param first whether its work goes before other streams'
   */
  Workspace(CudaContext context, KernelModule kernels, boolean half, boolean first) {
    this.context = context;
    this.kernels = kernels;
    this.half = half;
    stream = CudaStream.create(context, first);
  }

  /** Makes a call, which may still be made again until it gives work {@link #together}. */
  <T> T call(Function<Workspace, T> work) {
    committed = false;
    return work.apply(this);
  }

  /**
   * Gives the stream all commands of an iteration together, as a graph where they came before. They
   * are listed first, which takes the memory that they need; so the call may be made again until
   * then, and must not be after: it may have added to what outlives it.
   *
   * @param commands what gives them to this workspace; may be done twice
   * @return what {@code commands} returned last
   */
  <T> T together(Supplier<T> commands) {
    T result = listed(commands);
    committed = true;
    if (times != null) {
      list.giveTo(stream, (kernel, launch) -> times.around(kernel, this, launch));
    } else if (usesGraphs) {
      graphs.run(list, stream);
    } else {
      list.giveTo(stream);
    }
    return result;
  }

  private <T> T listed(Supplier<T> commands) {
    listing = true;
    try {
      T result;
      do {
        replaced = false;
        list.clear();
        result = commands.get();
      } while (replaced);
      return result;
    } finally {
      listing = false;
    }
  }

  boolean isCommitted() {
    return committed;
  }

  /** Whether decoders run in half precision. */
  boolean isHalf() {
    return half;
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
    DeviceBuffer before = buffers.remove(name);
    DeviceBuffer now =
        before == null ? DeviceBuffer.allocate(context, name, needed) : before.ensure(needed);
    replaced |= before != null && now != before;
    buffers.put(name, now);
    return now;
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
      replaced = true;
    }
    int roomy = Math.max(FIRST_PINNED_BYTES, Integer.highestOneBit(Math.max(bytes, 1)) * 2);
    buffer = PinnedBuffer.allocate(context, name, roomy);
    pinned.put(name, buffer);
    return buffer;
  }

  /** Parameters of the next launch. */
  Arguments arguments() {
    return listing ? list.arguments() : arguments.reset();
  }

  /** Sets words of a buffer. */
  void fill(DeviceBuffer buffer, int value, long from, long count) {
    if (listing) {
      list.fill(buffer, value, from, count);
    } else {
      buffer.fill(stream, value, from, count);
    }
  }

  /** Copies the first bytes of page-locked memory to the beginning of a buffer. */
  void upload(PinnedBuffer source, DeviceBuffer destination, long bytes) {
    if (listing) {
      list.upload(source, destination, bytes);
    } else {
      source.upload(stream, destination, 0, 0, bytes);
    }
  }

  /** Copies the first bytes of a buffer to the beginning of page-locked memory. */
  void download(DeviceBuffer source, PinnedBuffer destination, long bytes) {
    if (listing) {
      list.download(source, destination, bytes);
    } else {
      destination.download(stream, source, 0, 0, bytes);
    }
  }

  /** Launches a kernel with what {@link #arguments} was filled with. */
  void launch(String kernel, Grid grid) {
    if (listing) {
      list.launch(kernels.kernel(kernel), grid);
    } else if (times == null) {
      kernels.kernel(kernel).launch(stream, grid, arguments);
    } else {
      times.around(kernel, this, () -> kernels.kernel(kernel).launch(stream, grid, arguments));
    }
  }

  void time(LaunchTimes launchTimes) {
    times = launchTimes;
  }

  void useGraphs(boolean wanted) {
    usesGraphs = wanted;
  }

  /** A grid of one warp an item. */
  static Grid warpEach(int items, int sharedBytesPerWarp) {
    return Grid.covering((long) items * WARP, THREADS)
        .withShared(THREADS / WARP * sharedBytesPerWarp);
  }

  /** Gives back what it holds on the device, but for the stream. */
  void shrink() {
    graphs.close();
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
