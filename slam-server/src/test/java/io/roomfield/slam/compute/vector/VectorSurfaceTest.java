package io.roomfield.slam.compute.vector;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.SurfaceContract;

class VectorSurfaceTest extends SurfaceContract {
  /** An odd number of lanes, so that points do not divide evenly among them. */
  private static final int LANES = 3;

  @Override
  protected ComputeBackend backend() {
    return new VectorBackend(LANES);
  }
}
