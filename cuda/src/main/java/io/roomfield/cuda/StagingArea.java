package io.roomfield.cuda;

import java.lang.foreign.MemorySegment;

/**
 * Page-locked memory through which a stream's copies of Java arrays go: an upload leaves its data
 * here and returns at once; only when the area is full does it wait for the stream.
 */
final class StagingArea implements AutoCloseable {
  /** Room for the arrays of a training step; larger ones go in several parts. */
  static final int BYTES = 4 << 20;

  /** Parts begin at a multiple of this many bytes, as the device copies aligned data faster. */
  private static final int ALIGNMENT = 256;

  private final CudaContext context;
  private PinnedBuffer memory;
  private int used;

  StagingArea(CudaContext context) {
    this.context = context;
  }

  /** Says that the device is done with all that was staged. */
  void clear() {
    used = 0;
  }

  /** Copies a Java array to the device. */
  void upload(CudaStream stream, MemorySegment source, DeviceBuffer destination, long offset) {
    for (long done = 0; done < source.byteSize(); ) {
      if (used >= BYTES) {
        stream.synchronize();
      }
      long part = Math.min(source.byteSize() - done, BYTES - used);
      PinnedBuffer area = memory();
      MemorySegment.copy(source, done, area.segment(), used, part);
      area.upload(stream, destination, used, offset + done, part);
      take(part);
      done += part;
    }
  }

  /** Copies from the device to a Java array, and waits for it. */
  void download(CudaStream stream, DeviceBuffer source, long offset, MemorySegment destination) {
    for (long done = 0; done < destination.byteSize(); ) {
      if (used >= BYTES) {
        stream.synchronize();
      }
      int start = used;
      long part = Math.min(destination.byteSize() - done, BYTES - used);
      PinnedBuffer area = memory();
      area.download(stream, source, offset + done, start, part);
      stream.synchronize();
      MemorySegment.copy(area.segment(), start, destination, done, part);
      done += part;
    }
  }

  private void take(long bytes) {
    used = Math.toIntExact((used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  private PinnedBuffer memory() {
    if (memory == null) {
      memory = PinnedBuffer.allocate(context, "staged copies", BYTES);
    }
    return memory;
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
    }
  }
}
