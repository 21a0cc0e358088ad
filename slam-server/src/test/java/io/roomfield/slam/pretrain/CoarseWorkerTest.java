package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoarseWorkerTest {
  private static final TrainingSet SET = EmptyRoom.set(4);

  private static List<Decoder> networks(DecoderFamily family) {
    return List.of(family.coarse(), family.coarseEncoder());
  }

  private static CoarseWorker worker(DecoderFamily family, long seed) {
    return new CoarseWorker(family, EmptyRoom.GRID, SET, seed);
  }

  @Test
  void stepsRepeatForASeedAndReachBothNetworks() {
    DecoderFamily family = EmptyRoom.family();
    NetworkGradient first = new NetworkGradient(networks(family));
    NetworkGradient second = new NetworkGradient(networks(family));
    try (CoarseWorker one = worker(family, 4);
        CoarseWorker same = worker(family, 4)) {
      for (int step = 0; step < 4; step++) {
        Map<String, Double> losses = one.step(first);
        assertThat(losses).containsOnlyKeys("depth_m", "cross_entropy");
        assertThat(same.step(second)).isEqualTo(losses);
      }
    }
    for (int network = 0; network < 2; network++) {
      assertThat(first.of(network)).isEqualTo(second.of(network));
      assertThat(first.of(network))
          .as("network %d", network)
          .isNotEqualTo(new float[first.of(network).length])
          .doesNotContain(Float.NaN);
    }
  }

  /** A new worker with the same seed takes the same view and looks the same way. */
  @Test
  void learningFromOneLookLowersItsLoss() {
    DecoderFamily family = EmptyRoom.family();
    NetworkGradient gradient = new NetworkGradient(networks(family));
    NetworkOptimizer optimizer = new NetworkOptimizer(networks(family), 0.1);
    double[] losses = new double[20];
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      for (int i = 0; i < losses.length; i++) {
        gradient.clear();
        try (CoarseWorker worker = worker(family, 6)) {
          Map<String, Double> step = worker.step(gradient);
          losses[i] = step.get("depth_m") + step.get("cross_entropy");
        }
        optimizer.step(gradient, 0, backend);
      }
    }
    // What one look asks of the networks they learn by heart: far below what chance leaves.
    assertThat(losses[losses.length - 1]).isLessThan(0.5 * losses[0]);
  }
}
