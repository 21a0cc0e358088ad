package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NetworkOptimizerTest {
  private static final double RATE = 0.01;
  private static final Decoder.Shape SHAPE = new Decoder.Shape(0, 3, 4, 1, Decoder.NO_SKIP, 1);

  private final ComputeBackend backend = new ScalarBackend();
  private final List<Decoder> networks = List.of(network(), network());
  private final NetworkGradient gradient = new NetworkGradient(networks);
  private final NetworkOptimizer optimizer = new NetworkOptimizer(networks, RATE);

  private static Decoder network() {
    return new Decoder(SHAPE, new float[0], new float[SHAPE.weightCount()]);
  }

  /** With a gradient that stays, Adam's step is its rate. */
  private double step(double progress) {
    networks.forEach(network -> Arrays.fill(network.weights(), 0f));
    optimizer.step(gradient, progress, backend);
    return -networks.getFirst().weights()[0];
  }

  @Test
  void theRateRisesForAHundredStepsThenFollowsACosine() {
    Arrays.fill(gradient.of(0), 3f);
    Arrays.fill(gradient.of(1), -5f);
    // Adam's moments are floats, and their biases near 1 in the first steps.
    Offset<Double> rounding = Offset.offset(1e-3 * RATE);
    for (int step = 1; step <= 100; step++) {
      assertThat(step(0)).as("step %d", step).isCloseTo(RATE * step / 100, rounding);
    }
    assertThat(step(0)).isCloseTo(RATE, rounding);
    assertThat(step(0.5)).as("half way").isCloseTo(0.51 * RATE, rounding);
    assertThat(step(0.25)).isCloseTo((0.02 + 0.98 * (0.5 + Math.sqrt(0.125))) * RATE, rounding);
    assertThat(step(1)).as("at the end").isCloseTo(0.02 * RATE, rounding);
    assertThat(networks.getLast().weights()[4])
        .as("every weight of every network goes against its gradient")
        .isCloseTo((float) (0.02 * RATE), Offset.offset(1e-5f));
  }

  @Test
  void gradientsAddUpByNetwork() {
    NetworkGradient other = new NetworkGradient(networks);
    Arrays.fill(other.of(0), 1f);
    Arrays.fill(other.of(1), 2f);
    gradient.add(other);
    gradient.add(other);
    gradient.add(1, other.of(0));
    assertThat(gradient.of(0)).hasSize(SHAPE.weightCount()).containsOnly(2f);
    assertThat(gradient.of(1)).containsOnly(5f);
    gradient.clear();
    assertThat(gradient.of(0)).containsOnly(0f);
    assertThat(gradient.of(1)).containsOnly(0f);
  }
}
