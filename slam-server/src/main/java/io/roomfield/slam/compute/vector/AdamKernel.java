package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.slam.optim.AdamStep;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Adam's rule on arrays: see {@link AdamStep}. */
final class AdamKernel {
  private AdamKernel() {}

  /** Steps parameters {@code [from, to)}. */
  static void step(
      AdamStep step, float[] x, float[][] gradients, float[] m, float[] v, int from, int to) {
    float rate = step.rate();
    float correction = step.secondMomentCorrection();
    for (int i = from; i < to; i += LANES) {
      VectorMask<Float> in = SPECIES.indexInRange(i, to);
      FloatVector g = FloatVector.fromArray(SPECIES, gradients[0], i, in);
      for (int lane = 1; lane < gradients.length; lane++) {
        g = g.add(FloatVector.fromArray(SPECIES, gradients[lane], i, in));
      }
      VectorMask<Float> tiny = g.abs().compare(VectorOperators.LT, AdamStep.TINY_GRADIENT);
      g = g.blend(0f, tiny);
      FloatVector first = FloatVector.fromArray(SPECIES, m, i, in);
      first = first.mul(AdamStep.BETA1).add(g.mul(1 - AdamStep.BETA1));
      FloatVector second = FloatVector.fromArray(SPECIES, v, i, in);
      second = second.mul(AdamStep.BETA2).add(g.mul(g).mul(1 - AdamStep.BETA2));
      first.intoArray(m, i, in);
      second.intoArray(v, i, in);
      FloatVector denominator = second.mul(correction).sqrt().add(AdamStep.EPSILON);
      FloatVector.fromArray(SPECIES, x, i, in)
          .sub(first.mul(rate).div(denominator))
          .intoArray(x, i, in);
    }
  }
}
