package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.slam.optim.AdamStep;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Adam's rule on arrays: see {@link AdamStep}. */
final class AdamKernel {
  private AdamKernel() {}

  /** Steps parameters {@code [from, to)}. */
  static void step(
      AdamStep step, float[] x, float[][] gradients, float[] m, float[] v, int from, int to) {
    float rate = step.rate();
    float correction = step.secondMomentCorrection();
    int whole = from + SPECIES.loopBound(to - from);
    for (int i = from; i < whole; i += LANES) {
      FloatVector g = FloatVector.fromArray(SPECIES, gradients[0], i);
      for (int lane = 1; lane < gradients.length; lane++) {
        g = g.add(FloatVector.fromArray(SPECIES, gradients[lane], i));
      }
      g = g.blend(0f, g.abs().compare(VectorOperators.LT, AdamStep.TINY_GRADIENT));
      FloatVector first =
          FloatVector.fromArray(SPECIES, m, i).mul(AdamStep.BETA1).add(g.mul(1 - AdamStep.BETA1));
      FloatVector second =
          FloatVector.fromArray(SPECIES, v, i)
              .mul(AdamStep.BETA2)
              .add(g.mul(g).mul(1 - AdamStep.BETA2));
      first.intoArray(m, i);
      second.intoArray(v, i);
      FloatVector denominator = second.mul(correction).sqrt().add(AdamStep.EPSILON);
      FloatVector.fromArray(SPECIES, x, i).sub(first.mul(rate).div(denominator)).intoArray(x, i);
    }
    for (int i = whole; i < to; i++) {
      float g = 0;
      for (float[] lane : gradients) {
        g += lane[i];
      }
      g = Math.abs(g) < AdamStep.TINY_GRADIENT ? 0 : g;
      m[i] = m[i] * AdamStep.BETA1 + g * (1 - AdamStep.BETA1);
      v[i] = v[i] * AdamStep.BETA2 + g * g * (1 - AdamStep.BETA2);
      float denominator = (float) Math.sqrt(v[i] * correction) + AdamStep.EPSILON;
      x[i] -= m[i] * rate / denominator;
    }
  }
}
