package io.roomfield.slam.compute.vector;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FusionContract;

class VectorFusionTest extends FusionContract {
  /** An odd number of lanes, so that blocks do not divide evenly among them. */
  private static final int LANES = 3;

  @Override
  protected ComputeBackend backend() {
    return new VectorBackend(LANES);
  }
}
