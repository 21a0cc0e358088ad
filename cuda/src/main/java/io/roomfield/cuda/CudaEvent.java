package io.roomfield.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream, which tells when the device came by. */
public final class CudaEvent implements AutoCloseable {
  private final CudaContext context;
  private final CUevent handle;
  private boolean closed;

  private CudaEvent(CudaContext context, CUevent handle) {
    this.context = context;
    this.handle = handle;
  }

  /**
   * Creates a mark.
   *
   * @throws CudaException if the driver refuses
   */
  public static CudaEvent create(CudaContext context) {
    context.makeCurrent();
    CUevent handle = new CUevent();
    Calls.check(
        JCudaDriver.cuEventCreate(handle, CUevent_flags.CU_EVENT_DEFAULT), () -> "cuEventCreate");
    return new CudaEvent(context, handle);
  }

  /**
   * Puts the mark behind the work that the stream has so far.
   *
   * @throws CudaException if the driver refuses
   */
  public void record(CudaStream stream) {
    Calls.check(JCudaDriver.cuEventRecord(handle, stream.handle()), () -> "cuEventRecord");
  }

  /**
   * Waits until the device has come by, and returns the milliseconds since it passed an earlier
   * mark.
   *
   * @throws CudaException if the work before the mark failed, or a mark was not recorded
   */
  public double elapsedMillis(CudaEvent from) {
    Calls.check(JCudaDriver.cuEventSynchronize(handle), () -> "cuEventSynchronize");
    float[] millis = new float[1];
    Calls.check(
        JCudaDriver.cuEventElapsedTime(millis, from.handle, handle), () -> "cuEventElapsedTime");
    return millis[0];
  }

  /**
   * Frees the mark.
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
    Calls.checkRelease(JCudaDriver.cuEventDestroy(handle), () -> "cuEventDestroy");
  }
}
