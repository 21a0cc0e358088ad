package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FusionContract;

class ScalarFusionTest extends FusionContract {
  @Override
  protected ComputeBackend backend() {
    return new ScalarBackend();
  }
}
