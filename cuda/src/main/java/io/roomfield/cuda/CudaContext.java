package io.roomfield.cuda;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The primary context of a device, which all threads of the process share: kernels of two contexts
 * take turns on a device, those of two streams in one context run side by side.
 *
 * <p>A thread calls {@link #makeCurrent()} before it launches, copies or waits.
 */
public final class CudaContext implements AutoCloseable {
  private final CudaDevice device;
  private final CUdevice handle;
  private final CUcontext context;
  private boolean closed;

  private CudaContext(CudaDevice device, CUdevice handle, CUcontext context) {
    this.device = device;
    this.handle = handle;
    this.context = context;
  }

  /**
   * Opens the primary context of a device, and makes it current in the calling thread.
   *
   * @param device one that {@link CudaProbe#run()} found
   * @throws CudaException if the driver refuses
   */
  public static CudaContext open(CudaDevice device) {
    CUdevice handle = CudaProbe.handle(device.ordinal());
    CUcontext context = new CUcontext();
    Calls.check(
        JCudaDriver.cuDevicePrimaryCtxRetain(context, handle),
        () -> "cuDevicePrimaryCtxRetain of " + device);
    CudaContext opened = new CudaContext(device, handle, context);
    opened.makeCurrent();
    return opened;
  }

  /**
   * Binds the context to the calling thread.
   *
   * @throws CudaException if the driver refuses
   * @throws IllegalStateException if the context is closed
   */
  public void makeCurrent() {
    if (closed) {
      throw new IllegalStateException("the CUDA context of " + device + " is closed");
    }
    Calls.check(JCudaDriver.cuCtxSetCurrent(context), () -> "cuCtxSetCurrent of " + device);
  }

  /** Returns the device of the context. */
  public CudaDevice device() {
    return device;
  }

  /**
   * Returns how much memory the device has, and how much of it is free.
   *
   * @throws CudaException if the driver refuses
   */
  public MemoryInfo memoryInfo() {
    makeCurrent();
    long[] free = new long[1];
    long[] total = new long[1];
    Calls.check(JCudaDriver.cuMemGetInfo(free, total), () -> "cuMemGetInfo of " + device);
    return new MemoryInfo(free[0], total[0]);
  }

  /** Makes the exception of a failed allocation, which tells what memory is free. */
  CudaException allocationFailure(int result, String call) {
    long[] free = new long[1];
    long[] total = new long[1];
    boolean known =
        result == CUresult.CUDA_ERROR_OUT_OF_MEMORY
            && JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS;
    return Calls.failure(
        result, call, known ? new MemoryInfo(free[0], total[0]).toString() : device.name());
  }

  /**
   * Gives the context back to the driver, which ends it and what is left in it with its last user.
   *
   * @throws CudaException if the driver refuses, other than for a lost device
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Calls.checkRelease(
        JCudaDriver.cuDevicePrimaryCtxRelease(handle),
        () -> "cuDevicePrimaryCtxRelease of " + device);
  }

  /**
   * Memory of a device.
   *
   * @param freeBytes what no process uses
   * @param totalBytes all there is
   */
  public record MemoryInfo(long freeBytes, long totalBytes) {
    /** Returns the sizes in words: "3.1 GB of 4.0 GB free". */
    @Override
    public String toString() {
      return Calls.size(freeBytes) + " of " + Calls.size(totalBytes) + " free";
    }
  }
}
