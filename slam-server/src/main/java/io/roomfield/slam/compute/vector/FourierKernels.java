package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.POINTS;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The Gaussian Fourier encoding {@code e(p) = sin(p B)} on tiles (algorithm, section 1; Tancik et
 * al. 2020) and its derivative. Arguments reach hundreds of radians: they are reduced by multiples
 * of pi in three parts (Cody and Waite), then a degree 9 polynomial on [-pi/2, pi/2] gives the sine
 * to about 2e-7.
 */
final class FourierKernels {
  private static final float INVERSE_PI = 3.1830987e-01f;

  // pi in three parts: the first two have trailing zeros, so that small multiples are exact.
  private static final float PI_A = 3.140625f;
  private static final float PI_B = 9.6702576e-04f;
  private static final float PI_C = 6.277114e-07f;

  // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, whose parity is the lowest
  // bit.
  private static final float ROUNDER = 12582912f;

  private static final float S3 = -1.666666e-01f;
  private static final float S5 = 8.333079e-03f;
  private static final float S7 = -1.981069e-04f;
  private static final float S9 = 2.608316e-06f;

  private FourierKernels() {}

  /**
   * Encodes a tile.
   *
   * @param b {@code B [3, size]}
   * @param p positions {@code [3, 64]} at {@code pAt}
   * @param e written, {@code [size, 64]} at {@code eAt}
   */
  static void encode(float[] b, int size, float[] p, int pAt, float[] e, int eAt) {
    for (int k = 0; k < POINTS; k += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, p, pAt + k);
      FloatVector y = FloatVector.fromArray(SPECIES, p, pAt + POINTS + k);
      FloatVector z = FloatVector.fromArray(SPECIES, p, pAt + 2 * POINTS + k);
      for (int j = 0; j < size; j++) {
        sin(argument(b, size, j, x, y, z)).intoArray(e, eAt + j * POINTS + k);
      }
    }
  }

  /**
   * Adds {@code dL/dp += sum_j B_j cos(p B_j) dL/de_j}.
   *
   * @param g {@code dL/de [size, 64]}
   * @param dp {@code dL/dp [3, 64]}, added to
   */
  static void encodeBackward(
      float[] b, int size, float[] p, int pAt, float[] g, int gAt, float[] dp, int dpAt) {
    for (int k = 0; k < POINTS; k += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, p, pAt + k);
      FloatVector y = FloatVector.fromArray(SPECIES, p, pAt + POINTS + k);
      FloatVector z = FloatVector.fromArray(SPECIES, p, pAt + 2 * POINTS + k);
      FloatVector dx = FloatVector.fromArray(SPECIES, dp, dpAt + k);
      FloatVector dy = FloatVector.fromArray(SPECIES, dp, dpAt + POINTS + k);
      FloatVector dz = FloatVector.fromArray(SPECIES, dp, dpAt + 2 * POINTS + k);
      for (int j = 0; j < size; j++) {
        FloatVector scaled =
            cos(argument(b, size, j, x, y, z))
                .mul(FloatVector.fromArray(SPECIES, g, gAt + j * POINTS + k));
        dx = scaled.fma(FloatVector.broadcast(SPECIES, b[j]), dx);
        dy = scaled.fma(FloatVector.broadcast(SPECIES, b[size + j]), dy);
        dz = scaled.fma(FloatVector.broadcast(SPECIES, b[2 * size + j]), dz);
      }
      dx.intoArray(dp, dpAt + k);
      dy.intoArray(dp, dpAt + POINTS + k);
      dz.intoArray(dp, dpAt + 2 * POINTS + k);
    }
  }

  private static FloatVector argument(
      float[] b, int size, int j, FloatVector x, FloatVector y, FloatVector z) {
    FloatVector sum = z.mul(b[2 * size + j]);
    sum = y.fma(FloatVector.broadcast(SPECIES, b[size + j]), sum);
    return x.fma(FloatVector.broadcast(SPECIES, b[j]), sum);
  }

  private static FloatVector sin(FloatVector x) {
    FloatVector shifted =
        x.fma(FloatVector.broadcast(SPECIES, INVERSE_PI), FloatVector.broadcast(SPECIES, ROUNDER));
    return reducedSine(x, shifted, shifted.sub(ROUNDER));
  }

  /**
   * {@code cos x = sin(x + pi/2)}, the half turn taken in the reduction, where it costs no
   * accuracy.
   */
  private static FloatVector cos(FloatVector x) {
    FloatVector half =
        x.fma(FloatVector.broadcast(SPECIES, INVERSE_PI), FloatVector.broadcast(SPECIES, 0.5f));
    FloatVector shifted = half.add(ROUNDER);
    return reducedSine(x, shifted, shifted.sub(ROUNDER).sub(0.5f));
  }

  /**
   * {@code (-1)^k sin(x - multiple * pi)}, where the lowest bit of {@code shifted} is k's parity.
   */
  private static FloatVector reducedSine(FloatVector x, FloatVector shifted, FloatVector multiple) {
    FloatVector r = multiple.fma(FloatVector.broadcast(SPECIES, -PI_A), x);
    r = multiple.fma(FloatVector.broadcast(SPECIES, -PI_B), r);
    r = multiple.fma(FloatVector.broadcast(SPECIES, -PI_C), r);
    FloatVector r2 = r.mul(r);
    FloatVector poly =
        r2.fma(FloatVector.broadcast(SPECIES, S9), FloatVector.broadcast(SPECIES, S7));
    poly = r2.fma(poly, FloatVector.broadcast(SPECIES, S5));
    poly = r2.fma(poly, FloatVector.broadcast(SPECIES, S3));
    FloatVector sine = r.mul(r2).fma(poly, r);
    return sine.reinterpretAsInts()
        .lanewise(
            VectorOperators.XOR, shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31))
        .reinterpretAsFloats();
  }
}
