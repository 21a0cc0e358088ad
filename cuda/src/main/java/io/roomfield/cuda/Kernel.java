package io.roomfield.cuda;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A kernel of a loaded module. */
public final class Kernel {
  /** Dynamic shared memory that a block may have without asking for it, on every device. */
  private static final int FREE_SHARED_BYTES = 48 * 1024;

  private final String name;
  private final CUfunction function;
  private int allowedSharedBytes = FREE_SHARED_BYTES;

  Kernel(String name, CUfunction function) {
    this.name = name;
    this.function = function;
  }

  /** Returns the name in the source. */
  public String name() {
    return name;
  }

  /**
   * Queues a launch and returns at once; a grid without blocks is none. What goes wrong in the
   * kernel itself is told by a later call, most often {@link CudaStream#synchronize()}.
   *
   * @throws CudaException if the driver refuses
   */
  public void launch(CudaStream stream, Grid grid, Arguments arguments) {
    if (grid.isEmpty()) {
      return;
    }
    if (grid.sharedBytes() > FREE_SHARED_BYTES) {
      allowShared(grid, stream);
    }
    int result =
        JCudaDriver.cuLaunchKernel(
            function,
            grid.blocksX(),
            grid.blocksY(),
            1,
            grid.threads(),
            1,
            1,
            grid.sharedBytes(),
            stream.handle(),
            arguments.pointer(),
            null);
    if (result != CUresult.CUDA_SUCCESS) {
      throw Calls.failure(
          result,
          "cuLaunchKernel of %s in %s with %d parameters".formatted(name, grid, arguments.count()),
          "");
    }
    stream.launched(new CudaStream.Launch(this, grid));
  }

  private synchronized void allowShared(Grid grid, CudaStream stream) {
    if (grid.sharedBytes() <= allowedSharedBytes) {
      return;
    }
    int result =
        JCudaDriver.cuFuncSetAttribute(
            function,
            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
            grid.sharedBytes());
    if (result != CUresult.CUDA_SUCCESS) {
      throw Calls.failure(
          result,
          "cuFuncSetAttribute of %s for %s".formatted(name, grid),
          "%s has %d bytes for a block"
              .formatted(
                  stream.context().device().name(),
                  stream.context().device().sharedMemoryPerBlockOptin()));
    }
    allowedSharedBytes = grid.sharedBytes();
  }
}
