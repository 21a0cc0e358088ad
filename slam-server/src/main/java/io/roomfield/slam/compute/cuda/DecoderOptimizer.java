package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.compute.Moments;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.optim.AdamStep;

/** The colour decoder's share of a {@link DeviceFieldOptimizer}'s rounds. */
final class DecoderOptimizer implements AutoCloseable {
  private final Decoder host;
  private final DeviceFields fields;
  private final int count;

  /** Null between rounds. */
  private DeviceDecoder device;

  private DeviceBuffer gradient;
  private DeviceBuffer first;
  private DeviceBuffer second;
  private int steps;
  private boolean stepped;
  private boolean kept;

  DecoderOptimizer(Decoder host, DeviceFields fields) {
    this.host = host;
    this.fields = fields;
    count = host.weights().length;
  }

  void begin(boolean keepMoments, Workspace work) {
    gradient = allocated(gradient, "decoder gradient", work);
    boolean fresh = second == null;
    allocateMoments(work);
    if (fresh || !keepMoments) {
      first.fill(work.stream(), 0);
      second.fill(work.stream(), 0);
      steps = 0;
    }
    device = fields.of(host, work);
    stepped = false;
  }

  private void allocateMoments(Workspace work) {
    first = allocated(first, "decoder's first moments", work);
    second = allocated(second, "decoder's second moments", work);
  }

  /** A copy of its moments, between rounds; none before the first. */
  Moments moments(Workspace work) {
    float[] mean = new float[count];
    float[] square = new float[count];
    if (second != null) {
      first.download(work.stream(), mean, 0, 0, count);
      second.download(work.stream(), square, 0, 0, count);
    }
    return new Moments(mean, square, steps);
  }

  /** Takes up moments that were kept. */
  void restore(Moments kept, Workspace work) {
    allocateMoments(work);
    first.upload(work.stream(), kept.first(), 0, 0, count);
    second.upload(work.stream(), kept.second(), 0, 0, count);
    steps = kept.steps();
  }

  private DeviceBuffer allocated(DeviceBuffer buffer, String name, Workspace work) {
    return buffer != null
        ? buffer
        : DeviceBuffer.allocate(work.context(), name, (long) Float.BYTES * count);
  }

  /** Whether its gradient is kept from now on. */
  void prepare(boolean wanted) {
    kept = wanted;
  }

  /** Sets the gradient to zero, where it is kept. */
  void clear(Workspace work) {
    if (kept) {
      work.fill(gradient, 0, 0, count);
    }
  }

  /** Address of {@code [weightCount]}, 0 where it is not kept. */
  long gradient() {
    return kept ? gradient.pointer() : 0;
  }

  /** Gives a step to the device; {@link #stepped} is called when it was. */
  void step(double rate, StepRates rates, Workspace work) {
    if (!kept) {
      return;
    }
    long at = rates.next();
    rates.add(new AdamStep(rate, steps + 1));
    work.arguments()
        .address(at)
        .address(device.flat())
        .buffer(gradient)
        .buffer(first)
        .buffer(second)
        .i32(count);
    work.launch("adam", Grid.covering(count, Workspace.THREADS));
    device.pack(work);
  }

  void stepped() {
    steps += kept ? 1 : 0;
    stepped |= kept;
  }

  /** Brings the weights to the host, if they were stepped. */
  void finish(Workspace work) {
    if (device != null && stepped) {
      device.download(host, work);
    }
    device = null;
    kept = false;
  }

  /** Forgets a round that did not finish. */
  void abandon() {
    if (device != null && stepped) {
      device.forget();
    }
    device = null;
    kept = false;
  }

  @Override
  public void close() {
    abandon();
    for (DeviceBuffer buffer : new DeviceBuffer[] {gradient, first, second}) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
