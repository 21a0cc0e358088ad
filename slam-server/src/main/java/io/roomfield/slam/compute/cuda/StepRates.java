package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.PinnedBuffer;
import io.roomfield.slam.optim.AdamStep;
import java.nio.ByteBuffer;

/** The factors of an iteration's Adam steps on the device, sent in one copy: adam.cu. */
final class StepRates {
  /** {@code struct AdamRates}. */
  private static final int RATE_BYTES = 2 * Float.BYTES;

  private static final String NAME = "Adam's rates";

  private final ByteBuffer values;
  private final DeviceBuffer device;

  /**
   * Gives the copy to a workspace that lists its commands: what it sends is {@link #add added}
   * after.
   *
   * @param most steps that may be added
   */
  StepRates(int most, Workspace work) {
    int bytes = RATE_BYTES * most;
    PinnedBuffer staging = work.pinned(NAME, bytes);
    values = staging.bytes().clear();
    device = work.bytes(NAME, bytes);
    work.upload(staging, device, bytes);
  }

  /** Where those of the step that is added next will be. */
  long next() {
    return device.pointer() + values.position();
  }

  void add(AdamStep step) {
    values.putFloat(step.rate()).putFloat(step.secondMomentCorrection());
  }
}
