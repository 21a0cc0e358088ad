package io.roomfield.cuda;

import java.util.Set;
import jcuda.driver.CUresult;

/**
 * A call of the CUDA driver failed; the message names the call, what it was for, CUDA's name of the
 * error and CUDA's explanation.
 */
public class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Errors after which a context refuses every call, by the comments of {@code CUresult} in CUDA's
   * driver API ("leaves the process in an inconsistent state"), and the unknown one, which a device
   * that fell off the bus tells.
   */
  private static final Set<Integer> LOST =
      Set.of(
          CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_UNKNOWN);

  private final int error;

  CudaException(int error, String message) {
    super(message);
    this.error = error;
  }

  /** Returns the number of the error, one of CUDA's {@code CUresult}. */
  public int error() {
    return error;
  }

  /**
   * Returns whether the device is unusable from here on: every later call fails as well, and
   * opening it again does too, until the process ends.
   */
  public boolean isDeviceLost() {
    return LOST.contains(error);
  }

  /** The device, or page-locked host memory, has too little room for what was asked. */
  public static final class OutOfMemory extends CudaException {
    private static final long serialVersionUID = 1;

    OutOfMemory(String message) {
      super(CUresult.CUDA_ERROR_OUT_OF_MEMORY, message);
    }
  }
}
