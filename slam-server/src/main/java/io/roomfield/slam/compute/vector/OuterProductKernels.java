package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.DenseKernels.COLUMNS;
import static io.roomfield.slam.compute.vector.DenseKernels.ROWS;
import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.POINTS;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.slam.compute.vector.DenseKernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * Backward of {@link DenseKernels} towards the weights: {@code dW = g x^T} summed over all points
 * of a chunk, blocked in registers by 4 outputs and {@link DenseKernels#COLUMNS} inputs.
 */
final class OuterProductKernels {
  private OuterProductKernels() {}

  /** Tiles of a chunk inside one array: where the first begins and how far apart they are. */
  record Rows(float[] data, int offset, int tileStride) {}

  /** {@code dW += sum over tiles of g x^T}, {@code dW [gRows, xRows]} in {@code dw}. */
  static void outer(Rows g, Rows x, int tiles, Matrix dw) {
    int o = 0;
    for (; o + ROWS <= dw.rows(); o += ROWS) {
      int i = 0;
      for (; i + 4 <= dw.columns(); i += 4) {
        if (COLUMNS == 4) {
          outer4x4(
              g.data,
              g.offset + o * POINTS,
              g.tileStride,
              x.data,
              x.offset + i * POINTS,
              x.tileStride,
              tiles,
              dw.data(),
              dw.offset() + o * dw.stride() + i,
              dw.stride());
        } else {
          outer4x2(
              g.data,
              g.offset + o * POINTS,
              g.tileStride,
              x.data,
              x.offset + i * POINTS,
              x.tileStride,
              tiles,
              dw.data(),
              dw.offset() + o * dw.stride() + i,
              dw.stride());
          outer4x2(
              g.data,
              g.offset + o * POINTS,
              g.tileStride,
              x.data,
              x.offset + (i + 2) * POINTS,
              x.tileStride,
              tiles,
              dw.data(),
              dw.offset() + o * dw.stride() + i + 2,
              dw.stride());
        }
      }
      for (; i < dw.columns(); i++) {
        for (int r = o; r < o + ROWS; r++) {
          outerElement(g, r, x, i, tiles, dw);
        }
      }
    }
    for (; o < dw.rows(); o++) {
      for (int i = 0; i < dw.columns(); i++) {
        outerElement(g, o, x, i, tiles, dw);
      }
    }
  }

  /** Adds a 4 x 4 block of {@code g x^T}, summed over points, to the gradient. */
  private static void outer4x4(
      float[] g,
      int gAt,
      int gStride,
      float[] x,
      int xAt,
      int xStride,
      int tiles,
      float[] dw,
      int dwAt,
      int dwStride) {
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
    for (int t = 0, gt = gAt, xt = xAt; t < tiles; t++, gt += gStride, xt += xStride) {
      for (int p = 0; p < POINTS; p += LANES) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, xt + 0 * POINTS + p);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, xt + 1 * POINTS + p);
        FloatVector x2 = FloatVector.fromArray(SPECIES, x, xt + 2 * POINTS + p);
        FloatVector x3 = FloatVector.fromArray(SPECIES, x, xt + 3 * POINTS + p);
        FloatVector g0 = FloatVector.fromArray(SPECIES, g, gt + 0 * POINTS + p);
        a00 = g0.fma(x0, a00);
        a01 = g0.fma(x1, a01);
        a02 = g0.fma(x2, a02);
        a03 = g0.fma(x3, a03);
        FloatVector g1 = FloatVector.fromArray(SPECIES, g, gt + 1 * POINTS + p);
        a10 = g1.fma(x0, a10);
        a11 = g1.fma(x1, a11);
        a12 = g1.fma(x2, a12);
        a13 = g1.fma(x3, a13);
        FloatVector g2 = FloatVector.fromArray(SPECIES, g, gt + 2 * POINTS + p);
        a20 = g2.fma(x0, a20);
        a21 = g2.fma(x1, a21);
        a22 = g2.fma(x2, a22);
        a23 = g2.fma(x3, a23);
        FloatVector g3 = FloatVector.fromArray(SPECIES, g, gt + 3 * POINTS + p);
        a30 = g3.fma(x0, a30);
        a31 = g3.fma(x1, a31);
        a32 = g3.fma(x2, a32);
        a33 = g3.fma(x3, a33);
      }
    }
    dw[dwAt + 0 * dwStride + 0] += Tile.sum(a00);
    dw[dwAt + 0 * dwStride + 1] += Tile.sum(a01);
    dw[dwAt + 0 * dwStride + 2] += Tile.sum(a02);
    dw[dwAt + 0 * dwStride + 3] += Tile.sum(a03);
    dw[dwAt + 1 * dwStride + 0] += Tile.sum(a10);
    dw[dwAt + 1 * dwStride + 1] += Tile.sum(a11);
    dw[dwAt + 1 * dwStride + 2] += Tile.sum(a12);
    dw[dwAt + 1 * dwStride + 3] += Tile.sum(a13);
    dw[dwAt + 2 * dwStride + 0] += Tile.sum(a20);
    dw[dwAt + 2 * dwStride + 1] += Tile.sum(a21);
    dw[dwAt + 2 * dwStride + 2] += Tile.sum(a22);
    dw[dwAt + 2 * dwStride + 3] += Tile.sum(a23);
    dw[dwAt + 3 * dwStride + 0] += Tile.sum(a30);
    dw[dwAt + 3 * dwStride + 1] += Tile.sum(a31);
    dw[dwAt + 3 * dwStride + 2] += Tile.sum(a32);
    dw[dwAt + 3 * dwStride + 3] += Tile.sum(a33);
  }

  /** Adds a 4 x 2 block of {@code g x^T}, summed over points, to the gradient. */
  private static void outer4x2(
      float[] g,
      int gAt,
      int gStride,
      float[] x,
      int xAt,
      int xStride,
      int tiles,
      float[] dw,
      int dwAt,
      int dwStride) {
    FloatVector a00 = FloatVector.zero(SPECIES);
    FloatVector a01 = FloatVector.zero(SPECIES);
    FloatVector a10 = FloatVector.zero(SPECIES);
    FloatVector a11 = FloatVector.zero(SPECIES);
    FloatVector a20 = FloatVector.zero(SPECIES);
    FloatVector a21 = FloatVector.zero(SPECIES);
    FloatVector a30 = FloatVector.zero(SPECIES);
    FloatVector a31 = FloatVector.zero(SPECIES);
    for (int t = 0, gt = gAt, xt = xAt; t < tiles; t++, gt += gStride, xt += xStride) {
      for (int p = 0; p < POINTS; p += LANES) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, xt + 0 * POINTS + p);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, xt + 1 * POINTS + p);
        FloatVector g0 = FloatVector.fromArray(SPECIES, g, gt + 0 * POINTS + p);
        a00 = g0.fma(x0, a00);
        a01 = g0.fma(x1, a01);
        FloatVector g1 = FloatVector.fromArray(SPECIES, g, gt + 1 * POINTS + p);
        a10 = g1.fma(x0, a10);
        a11 = g1.fma(x1, a11);
        FloatVector g2 = FloatVector.fromArray(SPECIES, g, gt + 2 * POINTS + p);
        a20 = g2.fma(x0, a20);
        a21 = g2.fma(x1, a21);
        FloatVector g3 = FloatVector.fromArray(SPECIES, g, gt + 3 * POINTS + p);
        a30 = g3.fma(x0, a30);
        a31 = g3.fma(x1, a31);
      }
    }
    dw[dwAt + 0 * dwStride + 0] += Tile.sum(a00);
    dw[dwAt + 0 * dwStride + 1] += Tile.sum(a01);
    dw[dwAt + 1 * dwStride + 0] += Tile.sum(a10);
    dw[dwAt + 1 * dwStride + 1] += Tile.sum(a11);
    dw[dwAt + 2 * dwStride + 0] += Tile.sum(a20);
    dw[dwAt + 2 * dwStride + 1] += Tile.sum(a21);
    dw[dwAt + 3 * dwStride + 0] += Tile.sum(a30);
    dw[dwAt + 3 * dwStride + 1] += Tile.sum(a31);
  }

  private static void outerElement(Rows g, int row, Rows x, int column, int tiles, Matrix dw) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int t = 0; t < tiles; t++) {
      int gAt = g.offset + t * g.tileStride + row * POINTS;
      int xAt = x.offset + t * x.tileStride + column * POINTS;
      for (int p = 0; p < POINTS; p += LANES) {
        FloatVector gv = FloatVector.fromArray(SPECIES, g.data, gAt + p);
        sum = gv.fma(FloatVector.fromArray(SPECIES, x.data, xAt + p), sum);
      }
    }
    dw.data()[dw.offset() + row * dw.stride() + column] += Tile.sum(sum);
  }

  /** {@code db += sum over points of g}, row by row. */
  static void sumRows(Rows g, int rows, int tiles, float[] db, int dbAt) {
    for (int r = 0; r < rows; r++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int t = 0; t < tiles; t++) {
        int at = g.offset + t * g.tileStride + r * POINTS;
        for (int p = 0; p < POINTS; p += LANES) {
          sum = sum.add(FloatVector.fromArray(SPECIES, g.data, at + p));
        }
      }
      db[dbAt + r] += Tile.sum(sum);
    }
  }
}
