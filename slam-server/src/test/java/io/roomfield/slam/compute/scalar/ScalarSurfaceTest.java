package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.SurfaceContract;

class ScalarSurfaceTest extends SurfaceContract {
  @Override
  protected ComputeBackend backend() {
    return new ScalarBackend();
  }
}
