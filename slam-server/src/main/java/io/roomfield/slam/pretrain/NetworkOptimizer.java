package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.optim.AdamStep;
import java.util.List;

/**
 * Adam over networks' weights with a cosine schedule: {@code rate(t) = end + (start - end) (1 + cos
 * pi t) / 2} for the share {@code t} of the time that has passed, after a short linear rise.
 */
final class NetworkOptimizer {
  private static final int WARM_UP_STEPS = 100;
  private static final double END_SHARE = 0.02;

  private final List<Decoder> networks;
  private final double rate;
  private final float[][] first;
  private final float[][] second;
  private int steps;

  NetworkOptimizer(List<Decoder> networks, double rate) {
    this.networks = networks;
    this.rate = rate;
    first = new float[networks.size()][];
    second = new float[networks.size()][];
    for (int n = 0; n < networks.size(); n++) {
      first[n] = new float[networks.get(n).weights().length];
      second[n] = new float[networks.get(n).weights().length];
    }
  }

  /** The schedule in words. */
  static String description() {
    return "Adam; the rate rises over %d steps, then falls along a cosine to %s of itself"
        .formatted(WARM_UP_STEPS, END_SHARE);
  }

  /**
   * One step against a gradient.
   *
   * @param progress share of the training that is done, 0..1
   */
  void step(NetworkGradient gradient, double progress, ComputeBackend backend) {
    steps++;
    double cosine = END_SHARE + (1 - END_SHARE) * 0.5 * (1 + Math.cos(Math.PI * progress));
    double warm = Math.min(1, steps / (double) WARM_UP_STEPS);
    AdamStep step = new AdamStep(rate * cosine * warm, steps);
    for (int n = 0; n < networks.size(); n++) {
      float[][] lanes = {gradient.of(n)};
      backend.adam(step, networks.get(n).weights(), lanes, first[n], second[n], null);
    }
  }
}
