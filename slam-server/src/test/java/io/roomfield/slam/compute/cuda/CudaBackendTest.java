package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackendContract;

/** On the emulated device, or on the machine's own with {@code -Droomfield.cuda.real=true}. */
class CudaBackendTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend backend() {
    EmulatedDriver.use();
    return CudaBackend.open(1);
  }
}
