package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.OptimizerContract;

class ScalarOptimizerTest extends OptimizerContract {
  @Override
  protected ComputeBackend backend() {
    return new ScalarBackend();
  }
}
