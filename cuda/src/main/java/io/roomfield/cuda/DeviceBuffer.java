package io.roomfield.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Memory of the device.
 *
 * <p>An upload from a Java array returns when the array may change again, before the device has the
 * data; a download waits for the stream, as the array must be full when it returns. {@link
 * PinnedBuffer} copies without a wait.
 */
public final class DeviceBuffer implements AutoCloseable {
  /** A buffer that must grow grows at least by half, so that slow growth seldom allocates. */
  private static final double GROWTH = 1.5;

  private final CudaContext context;
  private final String name;
  private final Address address;
  private final long bytes;
  private boolean closed;

  private DeviceBuffer(CudaContext context, String name, Address address, long bytes) {
    this.context = context;
    this.name = name;
    this.address = address;
    this.bytes = bytes;
  }

  /**
   * Takes memory of the device; its contents are arbitrary.
   *
   * @param name what is in it, for errors
   * @param bytes size, at least 1
   * @throws CudaException.OutOfMemory if there is too little
   */
  public static DeviceBuffer allocate(CudaContext context, String name, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(name + ": " + bytes + " bytes (expected: at least 1)");
    }
    context.makeCurrent();
    Address address = new Address();
    int result = JCudaDriver.cuMemAlloc(address, bytes);
    if (result != CUresult.CUDA_SUCCESS) {
      throw context.allocationFailure(
          result, "cuMemAlloc of " + Calls.size(bytes) + " for " + name);
    }
    return new DeviceBuffer(context, name, address, bytes);
  }

  /**
   * Returns a buffer of at least so many bytes: this one, or one half as large again that replaces
   * it; then this one is closed and the contents are lost. Of a closed buffer, a new one.
   *
   * @throws CudaException.OutOfMemory if there is too little; this buffer is closed then
   */
  public DeviceBuffer ensure(long neededBytes) {
    if (!closed && neededBytes <= bytes) {
      return this;
    }
    close();
    long roomy = Math.max(neededBytes, (long) (GROWTH * bytes));
    try {
      return allocate(context, name, roomy);
    } catch (CudaException.OutOfMemory e) {
      if (roomy == neededBytes) {
        throw e;
      }
      return allocate(context, name, neededBytes);
    }
  }

  /** Returns the address in the device's memory. */
  public long pointer() {
    requireOpen();
    return address.value();
  }

  /** Returns the size in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Returns what is in it, as errors tell it. */
  public String name() {
    return name;
  }

  /**
   * Copies floats to the device.
   *
   * @param from first element in the array
   * @param to first element here
   * @param count number of elements
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the range leaves the array or the buffer
   */
  public void upload(CudaStream stream, float[] source, int from, long to, int count) {
    upload(stream, MemorySegment.ofArray(source), from, to, new Run(Float.BYTES, count));
  }

  /**
   * Copies 32-bit integers to the device; see {@link #upload(CudaStream, float[], int, long, int)}.
   */
  public void upload(CudaStream stream, int[] source, int from, long to, int count) {
    upload(stream, MemorySegment.ofArray(source), from, to, new Run(Integer.BYTES, count));
  }

  /**
   * Copies 64-bit integers to the device; see {@link #upload(CudaStream, float[], int, long, int)}.
   */
  public void upload(CudaStream stream, long[] source, int from, long to, int count) {
    upload(stream, MemorySegment.ofArray(source), from, to, new Run(Long.BYTES, count));
  }

  /** Copies bytes to the device; see {@link #upload(CudaStream, float[], int, long, int)}. */
  public void upload(CudaStream stream, byte[] source, int from, long to, int count) {
    upload(stream, MemorySegment.ofArray(source), from, to, new Run(Byte.BYTES, count));
  }

  /**
   * Copies floats from the device, and waits for the stream.
   *
   * @param from first element here
   * @param to first element in the array
   * @param count number of elements
   * @throws CudaException if the driver refuses, or work before it in the stream failed
   * @throws IllegalArgumentException if the range leaves the array or the buffer
   */
  public void download(CudaStream stream, float[] destination, long from, int to, int count) {
    download(stream, MemorySegment.ofArray(destination), from, to, new Run(Float.BYTES, count));
  }

  /** Copies 32-bit integers back; see {@link #download(CudaStream, float[], long, int, int)}. */
  public void download(CudaStream stream, int[] destination, long from, int to, int count) {
    download(stream, MemorySegment.ofArray(destination), from, to, new Run(Integer.BYTES, count));
  }

  /** Copies 64-bit integers back; see {@link #download(CudaStream, float[], long, int, int)}. */
  public void download(CudaStream stream, long[] destination, long from, int to, int count) {
    download(stream, MemorySegment.ofArray(destination), from, to, new Run(Long.BYTES, count));
  }

  /** Copies doubles back; see {@link #download(CudaStream, float[], long, int, int)}. */
  public void download(CudaStream stream, double[] destination, long from, int to, int count) {
    download(stream, MemorySegment.ofArray(destination), from, to, new Run(Double.BYTES, count));
  }

  /** Copies bytes back; see {@link #download(CudaStream, float[], long, int, int)}. */
  public void download(CudaStream stream, byte[] destination, long from, int to, int count) {
    download(stream, MemorySegment.ofArray(destination), from, to, new Run(Byte.BYTES, count));
  }

  /**
   * Sets every 32-bit word to a value; returns at once.
   *
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the size is no multiple of 4 bytes
   */
  public void fill(CudaStream stream, int value) {
    if (bytes % Integer.BYTES != 0) {
      throw new IllegalArgumentException(
          "fill of " + name + ": " + bytes + " bytes (expected: a multiple of 4)");
    }
    fill(stream, value, 0, bytes / Integer.BYTES);
  }

  /**
   * Sets a run of 32-bit words to a value; returns at once.
   *
   * @param from first word
   * @param count number of words
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the range leaves the buffer
   */
  public void fill(CudaStream stream, int value, long from, long count) {
    requireRange(from * Integer.BYTES, count * Integer.BYTES);
    if (count == 0) {
      return;
    }
    Calls.check(
        JCudaDriver.cuMemsetD32Async(at(from * Integer.BYTES), value, count, stream.handle()),
        () -> "cuMemsetD32Async of " + count + " words of " + name);
  }

  /**
   * Copies from another buffer of the device; returns at once.
   *
   * @param from first byte there
   * @param to first byte here
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if the range leaves one of the buffers
   */
  public void copyFrom(CudaStream stream, DeviceBuffer source, long from, long to, long count) {
    source.requireRange(from, count);
    requireRange(to, count);
    if (count == 0) {
      return;
    }
    Calls.check(
        JCudaDriver.cuMemcpyDtoDAsync(at(to), source.at(from), count, stream.handle()),
        () ->
            "cuMemcpyDtoDAsync of %s from %s to %s"
                .formatted(Calls.size(count), source.name, name));
  }

  CUdeviceptr at(long offset) {
    return offset == 0 ? address : address.withByteOffset(offset);
  }

  void requireRange(long from, long count) {
    requireOpen();
    requireRange(name, bytes, from, count);
  }

  static void requireRange(String name, long size, long from, long count) {
    if (from < 0 || count < 0 || from > size - count) {
      throw new IllegalArgumentException(
          "%s: %d bytes from byte %d (expected: within its %d bytes)"
              .formatted(name, count, from, size));
    }
  }

  private void upload(CudaStream stream, MemorySegment array, int from, long to, Run run) {
    stream.requireNotCapturing("upload to " + name);
    requireRange(to * run.width, run.bytes());
    stream.staging().upload(stream, part(array, from, run), this, to * run.width);
  }

  private void download(CudaStream stream, MemorySegment array, long from, int to, Run run) {
    stream.requireNotCapturing("download of " + name);
    requireRange(from * run.width, run.bytes());
    stream.staging().download(stream, this, from * run.width, part(array, to, run));
  }

  private MemorySegment part(MemorySegment array, int from, Run run) {
    requireRange("array for " + name, array.byteSize(), from * (long) run.width, run.bytes());
    return array.asSlice(from * (long) run.width, run.bytes(), ValueLayout.JAVA_BYTE.byteSize());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  /**
   * Waits for the device and frees the memory.
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
    Calls.checkRelease(JCudaDriver.cuMemFree(address), () -> "cuMemFree of " + name);
  }

  /** So many elements of so many bytes each. */
  private record Run(int width, int count) {
    long bytes() {
      return (long) width * count;
    }
  }

  /** JCuda's pointer, which tells its value to subclasses only. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
