package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FusionContract;

class CudaFusionTest extends FusionContract {
  @Override
  protected ComputeBackend backend() {
    EmulatedDriver.use();
    return CudaBackend.open(1);
  }
}
