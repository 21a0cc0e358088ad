package io.roomfield.cuda;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A queue of work for the device: what one stream is given runs in order, two streams run side by
 * side. One thread at a time uses a stream.
 */
public final class CudaStream implements AutoCloseable {
  private final CudaContext context;
  private final CUstream handle;
  private final StagingArea staging;

  /** Null before the first. */
  private Launch last;

  private boolean capturing;
  private boolean closed;

  /** A kernel and its grid. */
  record Launch(Kernel kernel, Grid grid) {}

  private CudaStream(CudaContext context, CUstream handle) {
    this.context = context;
    this.handle = handle;
    this.staging = new StagingArea(context);
  }

  /**
   * Creates a stream, which waits for no other.
   *
   * @param highPriority whether its kernels go before those of streams without
   * @throws CudaException if the driver refuses
   */
  public static CudaStream create(CudaContext context, boolean highPriority) {
    context.makeCurrent();
    int[] least = new int[1];
    int[] greatest = new int[1];
    Calls.check(
        JCudaDriver.cuCtxGetStreamPriorityRange(least, greatest),
        () -> "cuCtxGetStreamPriorityRange of " + context.device());
    CUstream handle = new CUstream();
    Calls.check(
        JCudaDriver.cuStreamCreateWithPriority(
            handle, CUstream_flags.CU_STREAM_NON_BLOCKING, highPriority ? greatest[0] : least[0]),
        () -> "cuStreamCreateWithPriority on " + context.device());
    return new CudaStream(context, handle);
  }

  /**
   * Waits until all work given so far is done.
   *
   * @throws CudaException if that work failed; the message names the last kernel, which need not be
   *     the one at fault
   */
  public void synchronize() {
    Calls.check(JCudaDriver.cuStreamSynchronize(handle()), () -> "cuStreamSynchronize" + after());
    staging.clear();
  }

  /** Waits until all work in it has ended, well or not; for cleaning up, where errors were told. */
  public void await() {
    JCudaDriver.cuStreamSynchronize(handle);
  }

  /** Returns the driver's handle. */
  CUstream handle() {
    if (closed) {
      throw new IllegalStateException("the CUDA stream is closed");
    }
    return handle;
  }

  CudaContext context() {
    return context;
  }

  StagingArea staging() {
    return staging;
  }

  void launched(Launch launch) {
    last = launch;
  }

  Launch lastLaunch() {
    return last;
  }

  void setCapturing(boolean capturing) {
    this.capturing = capturing;
  }

  /**
   * Copies of Java arrays pass through memory that later copies use again, so no graph has them.
   */
  void requireNotCapturing(String what) {
    if (capturing) {
      throw new IllegalStateException(
          what + " while a graph is captured (expected: a PinnedBuffer, or the copy before)");
    }
  }

  private String after() {
    return last == null ? "" : " after kernel " + last.kernel.name() + " in " + last.grid;
  }

  /**
   * Waits for the stream's work and frees it.
   *
   * @throws CudaException if the driver refuses, other than for a lost device
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    context.makeCurrent();
    int waited = JCudaDriver.cuStreamSynchronize(handle);
    closed = true;
    staging.close();
    int destroyed = JCudaDriver.cuStreamDestroy(handle);
    Calls.checkRelease(waited, () -> "cuStreamSynchronize" + after());
    Calls.checkRelease(destroyed, () -> "cuStreamDestroy");
  }
}
