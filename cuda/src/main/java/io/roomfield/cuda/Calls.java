package io.roomfield.cuda;

import java.util.Locale;
import java.util.function.Supplier;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The check of every return code of the driver. */
final class Calls {
  private static final double MEGABYTE = 1e6;
  private static final double GIGABYTE = 1e9;

  private Calls() {}

  /** Throws unless a call succeeded; {@code call} says in words what was called, and for what. */
  static void check(int result, Supplier<String> call) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw failure(result, call.get(), "");
    }
  }

  /**
   * Checks a call that frees something: what a lost device held is gone already, so that alone is
   * no failure.
   */
  static void checkRelease(int result, Supplier<String> call) {
    if (result == CUresult.CUDA_SUCCESS) {
      return;
    }
    CudaException failure = failure(result, call.get(), "");
    if (!failure.isDeviceLost()) {
      throw failure;
    }
  }

  /** Makes the exception of a failed call; {@code detail} is added to CUDA's explanation. */
  static CudaException failure(int result, String call, String detail) {
    String message =
        "%s: %s (%s%s)"
            .formatted(
                call, name(result), explanation(result), detail.isEmpty() ? "" : "; " + detail);
    return result == CUresult.CUDA_ERROR_OUT_OF_MEMORY
        ? new CudaException.OutOfMemory(message)
        : new CudaException(result, message);
  }

  /** Returns CUDA's name of an error, as {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  static String name(int result) {
    String[] name = new String[1];
    return JCudaDriver.cuGetErrorName(result, name) == CUresult.CUDA_SUCCESS && name[0] != null
        ? name[0]
        : "CUDA error " + result;
  }

  /** Returns CUDA's explanation of an error, with what to do about it where that is known. */
  static String explanation(int result) {
    String[] text = new String[1];
    String words =
        JCudaDriver.cuGetErrorString(result, text) == CUresult.CUDA_SUCCESS && text[0] != null
            ? text[0]
            : "no explanation by the driver";
    return result == CUresult.CUDA_ERROR_INVALID_CONTEXT
        ? words + "; call CudaContext.makeCurrent() in this thread first"
        : words;
  }

  /** Returns a size in words: "12.0 MB", "3.1 GB", below a tenth of a megabyte "640 bytes". */
  static String size(long bytes) {
    if (bytes >= GIGABYTE) {
      return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
    }
    return bytes >= MEGABYTE / 10
        ? String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE)
        : bytes + " bytes";
  }
}
