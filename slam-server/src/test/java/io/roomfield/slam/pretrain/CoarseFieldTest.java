package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CoarseFieldTest {
  private static final int POINTS = 50;

  private final DecoderFamily family = EmptyRoom.family();
  private final FieldGradient gradient = new FieldGradient(1);

  /** The loss of points near the camera, through the encoder, the grid and the decoder. */
  private double loss(
      CoarseField field, Episode episode, FieldGradient into, ComputeBackend backend) {
    OccupancyTargets targets = new OccupancyTargets(POINTS);
    SplittableRandom random = new SplittableRandom(8);
    Episode.View view = episode.mapped().getFirst();
    for (; targets.count < POINTS; targets.count++) {
      double[] p = view.point(random.nextInt(320 * 240), random.nextDouble(4));
      for (int k = 0; k < 3; k++) {
        targets.points[3 * targets.count + k] = (float) p[k];
      }
      targets.target[targets.count] = random.nextInt(2);
      targets.weight[targets.count] = 1;
    }
    SceneField scene = field.field();
    field.encoder().encode();
    return backend.occupancyBackward(scene, FieldStage.COARSE, targets, into);
  }

  @Test
  void gradientsReachDecoderAndEncoder() {
    try (ComputeBackend backend = ComputeBackends.open("scalar", 1)) {
      Episode episode = Episode.whole(EmptyRoom.walk(2), 0.16, backend, new SplittableRandom(3));
      CoarseField field = new CoarseField(family, 2, episode.fused(), backend);
      field.encoder().observe(episode.addView());
      field.activate(gradient);
      assertThat(gradient.keeps(FieldLevel.COARSE)).isTrue();
      assertThat(gradient.keeps(FieldLevel.MID)).isFalse();
      loss(field, episode, gradient, backend);
      float[][] encoder = new float[1][family.coarseEncoder().weights().length];
      field.encoder().backward(block -> gradient.block(FieldLevel.COARSE, 0, block), encoder);

      assertGradient(
          family.coarse().weights(),
          gradient.weights(FieldLevel.COARSE, 0),
          () -> loss(field, episode, new FieldGradient(1), backend));
      assertGradient(
          family.coarseEncoder().weights(),
          encoder[0],
          () -> loss(field, episode, new FieldGradient(1), backend));
    }
  }

  /** The weights with the largest gradients, against central differences. */
  private static void assertGradient(float[] weights, float[] gradient, DoubleSupplier loss) {
    float[] sizes = gradient.clone();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(sizes[i]);
    }
    Arrays.sort(sizes);
    float least = sizes[sizes.length - 8];
    // Features are floats, rounded by 1e-7 of losses of about 100, over 2.4e-4.
    double tolerance = 0.01 * sizes[sizes.length - 1];
    int smooth = 0;
    for (int i = 0; i < weights.length; i++) {
      if (Math.abs(gradient[i]) >= least) {
        float saved = weights[i];
        float step = 0x1p-13f;
        double at = loss.getAsDouble();
        weights[i] = saved + step;
        double above = (loss.getAsDouble() - at) / step;
        weights[i] = saved - step;
        double below = (at - loss.getAsDouble()) / step;
        weights[i] = saved;
        // Where the two sides differ, the kink of a rectifier lies within the step.
        if (Math.abs(above - below) < tolerance) {
          smooth++;
          assertThat((double) gradient[i])
              .as("weight %d", i)
              .isCloseTo(0.5 * (above + below), Offset.offset(tolerance));
        }
      }
    }
    assertThat(smooth).as("weights without a kink, of 8").isGreaterThanOrEqualTo(4);
  }
}
