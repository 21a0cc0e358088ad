package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.POINTS;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Dense layers on tiles, {@code y = W x}, blocked in registers by 4 outputs and {@link #COLUMNS}
 * vectors of points. Weights are {@code [out, in]} with a row stride; tiles are {@code [features,
 * 64]}. The oracle is {@code ScalarBackend}.
 */
final class DenseKernels {
  /** Vectors of points per register block: 16 accumulators where there are 32 registers, else 8. */
  static final int COLUMNS = LANES >= 16 ? 4 : 2;

  static final int ROWS = 4;

  private static final int ADD_TO_OUTPUT = -1;

  private DenseKernels() {}

  /** A matrix inside a flat weight array: first element, row stride, rows (outputs), columns. */
  record Matrix(float[] data, int offset, int stride, int rows, int columns) {}

  /** {@code y = W x + bias}; relu'd if asked. {@code y [rows, 64]} at {@code yAt}. */
  static void forward(
      Matrix w, int biasOffset, float[] x, int xAt, float[] y, int yAt, boolean relu) {
    int o = 0;
    for (; o + ROWS <= w.rows; o += ROWS) {
      for (int p = 0; p < POINTS; p += COLUMNS * LANES) {
        if (COLUMNS == 4) {
          forward4x4(
              w.data,
              w.offset + o * w.stride,
              w.stride,
              w.columns,
              w.data,
              biasOffset + o,
              x,
              xAt + p,
              y,
              yAt + o * POINTS + p,
              relu);
        } else {
          forward4x2(
              w.data,
              w.offset + o * w.stride,
              w.stride,
              w.columns,
              w.data,
              biasOffset + o,
              x,
              xAt + p,
              y,
              yAt + o * POINTS + p,
              relu);
        }
      }
    }
    for (; o < w.rows; o++) {
      forwardRow(w, o, biasOffset, x, xAt, y, yAt);
    }
  }

  /** {@code y += W x} on top of what is there, then relu'd if asked. */
  static void forwardAdd(Matrix w, float[] x, int xAt, float[] y, int yAt, boolean relu) {
    int o = 0;
    for (; o + ROWS <= w.rows; o += ROWS) {
      for (int p = 0; p < POINTS; p += COLUMNS * LANES) {
        if (COLUMNS == 4) {
          forward4x4(
              w.data,
              w.offset + o * w.stride,
              w.stride,
              w.columns,
              null,
              0,
              x,
              xAt + p,
              y,
              yAt + o * POINTS + p,
              relu);
        } else {
          forward4x2(
              w.data,
              w.offset + o * w.stride,
              w.stride,
              w.columns,
              null,
              0,
              x,
              xAt + p,
              y,
              yAt + o * POINTS + p,
              relu);
        }
      }
    }
    for (; o < w.rows; o++) {
      forwardRow(w, o, ADD_TO_OUTPUT, x, xAt, y, yAt);
    }
  }

  private static void forward4x4(
      float[] w,
      int wAt,
      int stride,
      int in,
      float[] bias,
      int biasAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      boolean relu) {
    FloatVector a00;
    FloatVector a01;
    FloatVector a02;
    FloatVector a03;
    FloatVector a10;
    FloatVector a11;
    FloatVector a12;
    FloatVector a13;
    FloatVector a20;
    FloatVector a21;
    FloatVector a22;
    FloatVector a23;
    FloatVector a30;
    FloatVector a31;
    FloatVector a32;
    FloatVector a33;
    if (bias != null) {
      a00 = FloatVector.broadcast(SPECIES, bias[biasAt + 0]);
      a01 = a00;
      a02 = a00;
      a03 = a00;
      a10 = FloatVector.broadcast(SPECIES, bias[biasAt + 1]);
      a11 = a10;
      a12 = a10;
      a13 = a10;
      a20 = FloatVector.broadcast(SPECIES, bias[biasAt + 2]);
      a21 = a20;
      a22 = a20;
      a23 = a20;
      a30 = FloatVector.broadcast(SPECIES, bias[biasAt + 3]);
      a31 = a30;
      a32 = a30;
      a33 = a30;
    } else {
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
    for (int i = 0, xi = xAt, wi = wAt; i < in; i++, xi += POINTS, wi++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xi + 0 * LANES);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xi + 1 * LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, xi + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, xi + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wi + 0 * stride]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      a03 = x3.fma(w0, a03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wi + 1 * stride]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      a12 = x2.fma(w1, a12);
      a13 = x3.fma(w1, a13);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wi + 2 * stride]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      a22 = x2.fma(w2, a22);
      a23 = x3.fma(w2, a23);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wi + 3 * stride]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      a32 = x2.fma(w3, a32);
      a33 = x3.fma(w3, a33);
    }
    if (relu) {
      a00 = a00.max(0f);
      a01 = a01.max(0f);
      a02 = a02.max(0f);
      a03 = a03.max(0f);
      a10 = a10.max(0f);
      a11 = a11.max(0f);
      a12 = a12.max(0f);
      a13 = a13.max(0f);
      a20 = a20.max(0f);
      a21 = a21.max(0f);
      a22 = a22.max(0f);
      a23 = a23.max(0f);
      a30 = a30.max(0f);
      a31 = a31.max(0f);
      a32 = a32.max(0f);
      a33 = a33.max(0f);
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

  private static void forward4x2(
      float[] w,
      int wAt,
      int stride,
      int in,
      float[] bias,
      int biasAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      boolean relu) {
    FloatVector a00;
    FloatVector a01;
    FloatVector a10;
    FloatVector a11;
    FloatVector a20;
    FloatVector a21;
    FloatVector a30;
    FloatVector a31;
    if (bias != null) {
      a00 = FloatVector.broadcast(SPECIES, bias[biasAt + 0]);
      a01 = a00;
      a10 = FloatVector.broadcast(SPECIES, bias[biasAt + 1]);
      a11 = a10;
      a20 = FloatVector.broadcast(SPECIES, bias[biasAt + 2]);
      a21 = a20;
      a30 = FloatVector.broadcast(SPECIES, bias[biasAt + 3]);
      a31 = a30;
    } else {
      a00 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 0 * LANES);
      a01 = FloatVector.fromArray(SPECIES, y, yAt + 0 * POINTS + 1 * LANES);
      a10 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 0 * LANES);
      a11 = FloatVector.fromArray(SPECIES, y, yAt + 1 * POINTS + 1 * LANES);
      a20 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 0 * LANES);
      a21 = FloatVector.fromArray(SPECIES, y, yAt + 2 * POINTS + 1 * LANES);
      a30 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 0 * LANES);
      a31 = FloatVector.fromArray(SPECIES, y, yAt + 3 * POINTS + 1 * LANES);
    }
    for (int i = 0, xi = xAt, wi = wAt; i < in; i++, xi += POINTS, wi++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xi + 0 * LANES);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xi + 1 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wi + 0 * stride]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wi + 1 * stride]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wi + 2 * stride]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wi + 3 * stride]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
    }
    if (relu) {
      a00 = a00.max(0f);
      a01 = a01.max(0f);
      a10 = a10.max(0f);
      a11 = a11.max(0f);
      a20 = a20.max(0f);
      a21 = a21.max(0f);
      a30 = a30.max(0f);
      a31 = a31.max(0f);
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

  private static void forwardRow(
      Matrix w, int row, int biasOffset, float[] x, int xAt, float[] y, int yAt) {
    for (int p = 0; p < POINTS; p += LANES) {
      FloatVector sum =
          biasOffset == ADD_TO_OUTPUT
              ? FloatVector.fromArray(SPECIES, y, yAt + row * POINTS + p)
              : FloatVector.broadcast(SPECIES, w.data[biasOffset + row]);
      for (int i = 0; i < w.columns; i++) {
        FloatVector xi = FloatVector.fromArray(SPECIES, x, xAt + i * POINTS + p);
        sum = xi.fma(FloatVector.broadcast(SPECIES, w.data[w.offset + row * w.stride + i]), sum);
      }
      sum.intoArray(y, yAt + row * POINTS + p);
    }
  }

  /** {@code y += x} for {@code length} numbers. */
  static void add(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int k = 0; k < length; k += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + k)
          .add(FloatVector.fromArray(SPECIES, y, yAt + k))
          .intoArray(y, yAt + k);
    }
  }
}
