package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tiny networks on a short walk through one room. */
class EpisodeWorkerTest {
  private static final TrainingSet SET = EmptyRoom.set(4);

  private static List<Decoder> networks(DecoderFamily family) {
    return List.of(family.mid(), family.fine(), family.midEncoder(), family.fineEncoder());
  }

  private static EpisodeWorker worker(DecoderFamily family, long seed) {
    return new EpisodeWorker(family, EmptyRoom.GRID, SET, EmptyRoom.LOSS, seed);
  }

  @Test
  void stepsRepeatForASeedAndReachEveryNetwork() {
    DecoderFamily family = EmptyRoom.family();
    NetworkGradient first = new NetworkGradient(networks(family));
    NetworkGradient second = new NetworkGradient(networks(family));
    try (EpisodeWorker one = worker(family, 4);
        EpisodeWorker same = worker(family, 4);
        EpisodeWorker other = worker(family, 5)) {
      Map<String, Double> losses = Map.of();
      for (int step = 0; step < 4; step++) {
        losses = one.step(first);
        assertThat(same.step(second)).isEqualTo(losses);
      }
      assertThat(losses).containsOnlyKeys("depth_m", "cross_entropy");
      assertThat(other.step(new NetworkGradient(networks(family)))).isNotEqualTo(losses);
    }
    for (int network = 0; network < 4; network++) {
      assertThat(first.of(network)).isEqualTo(second.of(network));
      assertThat(first.of(network))
          .as("network %d", network)
          .isNotEqualTo(new float[first.of(network).length])
          .doesNotContain(Float.NaN);
    }
  }

  /** A new worker with the same seed takes the same view, stage, rays and points. */
  @Test
  void learningFromOneViewLowersItsLoss() {
    DecoderFamily family = EmptyRoom.family();
    NetworkGradient gradient = new NetworkGradient(networks(family));
    NetworkOptimizer optimizer = new NetworkOptimizer(networks(family), 0.1);
    double[] losses = new double[12];
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      for (int i = 0; i < losses.length; i++) {
        gradient.clear();
        try (EpisodeWorker worker = worker(family, 6)) {
          Map<String, Double> step = worker.step(gradient);
          double weight = EmptyRoom.LOSS.crossEntropyWeight();
          losses[i] = step.get("depth_m") + weight * step.get("cross_entropy");
        }
        optimizer.step(gradient, 0, backend);
      }
    }
    // What one view asks of the networks they learn by heart: far below what chance leaves.
    assertThat(losses[losses.length - 1]).isLessThan(0.5 * losses[0]);
  }
}
