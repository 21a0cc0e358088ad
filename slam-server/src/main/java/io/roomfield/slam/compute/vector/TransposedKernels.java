package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.DenseKernels.COLUMNS;
import static io.roomfield.slam.compute.vector.DenseKernels.ROWS;
import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.POINTS;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.slam.compute.vector.DenseKernels.Matrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Backward of {@link DenseKernels} towards the inputs: {@code y = W^T g} on tiles, and relu's. */
final class TransposedKernels {
  private TransposedKernels() {}

  /**
   * {@code y = W^T g}, or {@code y += W^T g}, for the first {@code columns} columns of W (a
   * multiple of 4; the last block of another count is done column by column).
   */
  static void transposed(Matrix w, float[] g, int gAt, float[] y, int yAt, boolean add) {
    int i = 0;
    for (; i + ROWS <= w.columns(); i += ROWS) {
      for (int p = 0; p < POINTS; p += COLUMNS * LANES) {
        if (COLUMNS == 4) {
          transposed4x4(
              w.data(),
              w.offset() + i,
              w.stride(),
              w.rows(),
              g,
              gAt + p,
              y,
              yAt + i * POINTS + p,
              add);
        } else {
          transposed4x2(
              w.data(),
              w.offset() + i,
              w.stride(),
              w.rows(),
              g,
              gAt + p,
              y,
              yAt + i * POINTS + p,
              add);
        }
      }
    }
    for (; i < w.columns(); i++) {
      transposedColumn(w, i, g, gAt, y, yAt, add);
    }
  }

  private static void transposed4x4(
      float[] w,
      int wAt,
      int stride,
      int rows,
      float[] g,
      int gAt,
      float[] y,
      int yAt,
      boolean add) {
    FloatVector a00 = FloatVector.zero(SPECIES);
    FloatVector a01 = FloatVector.zero(SPECIES);
    FloatVector a02 = FloatVector.zero(SPECIES);
    FloatVector a03 = FloatVector.zero(SPECIES);
    FloatVector a10 = FloatVector.zero(SPECIES);
    FloatVector a11 = FloatVector.zero(SPECIES);
    FloatVector a12 = FloatVector.zero(SPECIES);
    FloatVector a13 = FloatVector.zero(SPECIES);
    FloatVector a20 = FloatVector.zero(SPECIES);
    FloatVector a21 = FloatVector.zero(SPECIES);
    FloatVector a22 = FloatVector.zero(SPECIES);
    FloatVector a23 = FloatVector.zero(SPECIES);
    FloatVector a30 = FloatVector.zero(SPECIES);
    FloatVector a31 = FloatVector.zero(SPECIES);
    FloatVector a32 = FloatVector.zero(SPECIES);
    FloatVector a33 = FloatVector.zero(SPECIES);
    if (add) {
      a00 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 0 * LANES);
      a01 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 1 * LANES);
      a02 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 2 * LANES);
      a03 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 3 * LANES);
      a10 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 0 * LANES);
      a11 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 1 * LANES);
      a12 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 2 * LANES);
      a13 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 3 * LANES);
      a20 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 0 * LANES);
      a21 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 1 * LANES);
      a22 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 2 * LANES);
      a23 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 3 * LANES);
      a30 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 0 * LANES);
      a31 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 1 * LANES);
      a32 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 2 * LANES);
      a33 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 3 * LANES);
    }
    for (int o = 0, gi = gAt, wi = wAt; o < rows; o++, gi += POINTS, wi += stride) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, g, gi + 0 * LANES);
      FloatVector g1 = FloatVector.fromArray(SPECIES, g, gi + 1 * LANES);
      FloatVector g2 = FloatVector.fromArray(SPECIES, g, gi + 2 * LANES);
      FloatVector g3 = FloatVector.fromArray(SPECIES, g, gi + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wi + 0]);
      a00 = g0.fma(w0, a00);
      a01 = g1.fma(w0, a01);
      a02 = g2.fma(w0, a02);
      a03 = g3.fma(w0, a03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wi + 1]);
      a10 = g0.fma(w1, a10);
      a11 = g1.fma(w1, a11);
      a12 = g2.fma(w1, a12);
      a13 = g3.fma(w1, a13);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wi + 2]);
      a20 = g0.fma(w2, a20);
      a21 = g1.fma(w2, a21);
      a22 = g2.fma(w2, a22);
      a23 = g3.fma(w2, a23);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wi + 3]);
      a30 = g0.fma(w3, a30);
      a31 = g1.fma(w3, a31);
      a32 = g2.fma(w3, a32);
      a33 = g3.fma(w3, a33);
    }
    a00.intoArray(y, yAt + 0 * POINTS + 0 * LANES);
    a01.intoArray(y, yAt + 0 * POINTS + 1 * LANES);
    a02.intoArray(y, yAt + 0 * POINTS + 2 * LANES);
    a03.intoArray(y, yAt + 0 * POINTS + 3 * LANES);
    a10.intoArray(y, yAt + 1 * POINTS + 0 * LANES);
    a11.intoArray(y, yAt + 1 * POINTS + 1 * LANES);
    a12.intoArray(y, yAt + 1 * POINTS + 2 * LANES);
    a13.intoArray(y, yAt + 1 * POINTS + 3 * LANES);
    a20.intoArray(y, yAt + 2 * POINTS + 0 * LANES);
    a21.intoArray(y, yAt + 2 * POINTS + 1 * LANES);
    a22.intoArray(y, yAt + 2 * POINTS + 2 * LANES);
    a23.intoArray(y, yAt + 2 * POINTS + 3 * LANES);
    a30.intoArray(y, yAt + 3 * POINTS + 0 * LANES);
    a31.intoArray(y, yAt + 3 * POINTS + 1 * LANES);
    a32.intoArray(y, yAt + 3 * POINTS + 2 * LANES);
    a33.intoArray(y, yAt + 3 * POINTS + 3 * LANES);
  }

  private static void transposed4x2(
      float[] w,
      int wAt,
      int stride,
      int rows,
      float[] g,
      int gAt,
      float[] y,
      int yAt,
      boolean add) {
    FloatVector a00 = FloatVector.zero(SPECIES);
    FloatVector a01 = FloatVector.zero(SPECIES);
    FloatVector a10 = FloatVector.zero(SPECIES);
    FloatVector a11 = FloatVector.zero(SPECIES);
    FloatVector a20 = FloatVector.zero(SPECIES);
    FloatVector a21 = FloatVector.zero(SPECIES);
    FloatVector a30 = FloatVector.zero(SPECIES);
    FloatVector a31 = FloatVector.zero(SPECIES);
    if (add) {
      a00 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 0 * LANES);
      a01 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 1 * LANES);
      a10 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 0 * LANES);
      a11 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 1 * LANES);
      a20 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 0 * LANES);
      a21 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 1 * LANES);
      a30 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 0 * LANES);
      a31 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 1 * LANES);
    }
    for (int o = 0, gi = gAt, wi = wAt; o < rows; o++, gi += POINTS, wi += stride) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, g, gi + 0 * LANES);
      FloatVector g1 = FloatVector.fromArray(SPECIES, g, gi + 1 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wi + 0]);
      a00 = g0.fma(w0, a00);
      a01 = g1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wi + 1]);
      a10 = g0.fma(w1, a10);
      a11 = g1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wi + 2]);
      a20 = g0.fma(w2, a20);
      a21 = g1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wi + 3]);
      a30 = g0.fma(w3, a30);
      a31 = g1.fma(w3, a31);
    }
    a00.intoArray(y, yAt + 0 * POINTS + 0 * LANES);
    a01.intoArray(y, yAt + 0 * POINTS + 1 * LANES);
    a10.intoArray(y, yAt + 1 * POINTS + 0 * LANES);
    a11.intoArray(y, yAt + 1 * POINTS + 1 * LANES);
    a20.intoArray(y, yAt + 2 * POINTS + 0 * LANES);
    a21.intoArray(y, yAt + 2 * POINTS + 1 * LANES);
    a30.intoArray(y, yAt + 3 * POINTS + 0 * LANES);
    a31.intoArray(y, yAt + 3 * POINTS + 1 * LANES);
  }

  private static void transposedColumn(
      Matrix w, int column, float[] g, int gAt, float[] y, int yAt, boolean add) {
    for (int p = 0; p < POINTS; p += LANES) {
      int at = yAt + column * POINTS + p;
      FloatVector sum = add ? FloatVector.fromArray(SPECIES, y, at) : FloatVector.zero(SPECIES);
      for (int o = 0; o < w.rows(); o++) {
        FloatVector go = FloatVector.fromArray(SPECIES, g, gAt + o * POINTS + p);
        sum =
            go.fma(
                FloatVector.broadcast(SPECIES, w.data()[w.offset() + o * w.stride() + column]),
                sum);
      }
      sum.intoArray(y, at);
    }
  }

  /** {@code g <- g} where {@code a > 0}, else 0, for {@code rows} rows: backward of relu. */
  static void reluBackward(
      float[] g, int gAt, float[] a, int aAt, float[] out, int outAt, int rows) {
    for (int k = 0; k < rows * POINTS; k += LANES) {
      FloatVector active = FloatVector.fromArray(SPECIES, a, aAt + k);
      FloatVector gradient = FloatVector.fromArray(SPECIES, g, gAt + k);
      FloatVector.zero(SPECIES)
          .blend(gradient, active.compare(VectorOperators.GT, 0f))
          .intoArray(out, outAt + k);
    }
  }
}
