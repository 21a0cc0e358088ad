package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackendContract;
import io.roomfield.slam.compute.TestField;

class ScalarBackendTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend backend() {
    return new ScalarBackend();
  }

  /** In double precision what is left is the differences' own error: a rectifier's kink or two. */
  @Override
  protected double gradientTolerance(TestField field) {
    return 1e-5;
  }
}
