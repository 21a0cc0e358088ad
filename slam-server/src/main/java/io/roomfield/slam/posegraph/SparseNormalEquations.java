package io.roomfield.slam.posegraph;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ejml.data.DMatrix6;
import org.ejml.data.DMatrix6x6;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.DMatrixSparseCSC;
import org.ejml.interfaces.linsol.LinearSolverSparse;
import org.ejml.sparse.FillReducing;
import org.ejml.sparse.csc.factory.LinearSolverFactory_DSCC;

/**
 * {@code (J^T W J) x = -J^T W r} in blocks of 6, of which only those are stored that edges fill. Of
 * the symmetric matrix the upper triangle is kept: all that sparse Cholesky reads.
 */
final class SparseNormalEquations {
  private static final int BLOCK = PoseEdge.DIMENSIONS;

  /** Per unknown, its column of blocks. */
  private final int[] place;

  /** Per column of blocks, the rows of the blocks above the diagonal, ascending. */
  private final int[][] rows;

  private final DMatrixSparseCSC matrix;
  private final DMatrixRMaj gradient;
  private final LinearSolverSparse<DMatrixSparseCSC, DMatrixRMaj> solver =
      LinearSolverFactory_DSCC.cholesky(FillReducing.NONE);

  /**
   * @param size unknowns of 6 numbers each
   * @param pairs of unknowns that will be added to; in any order, also repeated
   */
  SparseNormalEquations(int size, List<int[]> pairs) {
    place = EliminationOrder.of(size, pairs);
    List<TreeSet<Integer>> above =
        IntStream.range(0, size).mapToObj(column -> new TreeSet<Integer>()).toList();
    for (int[] pair : pairs) {
      int i = place[pair[0]];
      int j = place[pair[1]];
      above.get(Math.max(i, j)).add(Math.min(i, j));
    }
    rows = new int[size][];
    int stored = 0;
    for (int column = 0; column < size; column++) {
      rows[column] = above.get(column).stream().mapToInt(Integer::intValue).toArray();
      stored += BLOCK * BLOCK * rows[column].length + BLOCK * (BLOCK + 1) / 2;
    }
    matrix = new DMatrixSparseCSC(BLOCK * size, BLOCK * size, stored);
    gradient = new DMatrixRMaj(BLOCK * size, 1);
    layOut();
  }

  /** Fills in the matrix's structure: which rows a column stores. */
  private void layOut() {
    int at = 0;
    for (int column = 0; column < rows.length; column++) {
      for (int c = 0; c < BLOCK; c++) {
        matrix.col_idx[BLOCK * column + c] = at;
        for (int row : rows[column]) {
          for (int r = 0; r < BLOCK; r++) {
            matrix.nz_rows[at++] = BLOCK * row + r;
          }
        }
        for (int r = 0; r <= c; r++) {
          matrix.nz_rows[at++] = BLOCK * column + r;
        }
      }
    }
    matrix.col_idx[matrix.numCols] = at;
    matrix.nz_length = at;
    matrix.indicesSorted = true;
  }

  void clear() {
    Arrays.fill(matrix.nz_values, 0);
    gradient.zero();
  }

  /** Adds to the block on the diagonal. */
  void addDiagonal(int unknown, DMatrix6x6 block) {
    int at = place[unknown];
    int above = BLOCK * rows[at].length;
    for (int c = 0; c < BLOCK; c++) {
      int start = matrix.col_idx[BLOCK * at + c] + above;
      for (int r = 0; r <= c; r++) {
        matrix.nz_values[start + r] += block.unsafe_get(r, c);
      }
    }
  }

  /** Adds to the block of two unknowns, and so to its transpose across the diagonal. */
  void addPair(int from, int to, DMatrix6x6 block) {
    int row = place[from];
    int column = place[to];
    boolean flip = row > column;
    int j = flip ? row : column;
    int k = Arrays.binarySearch(rows[j], flip ? column : row);
    for (int c = 0; c < BLOCK; c++) {
      int start = matrix.col_idx[BLOCK * j + c] + BLOCK * k;
      for (int r = 0; r < BLOCK; r++) {
        matrix.nz_values[start + r] += flip ? block.unsafe_get(c, r) : block.unsafe_get(r, c);
      }
    }
  }

  /** Adds to the gradient {@code J^T W r}. */
  void addGradient(int unknown, DMatrix6 g) {
    int at = place[unknown];
    double[] data = gradient.data;
    data[BLOCK * at] += g.a1;
    data[BLOCK * at + 1] += g.a2;
    data[BLOCK * at + 2] += g.a3;
    data[BLOCK * at + 3] += g.a4;
    data[BLOCK * at + 4] += g.a5;
    data[BLOCK * at + 5] += g.a6;
  }

  /**
   * The step {@code x}, {@code [unknowns, 6]}, with the diagonal raised by a share of itself
   * (Marquardt, 1963); null where the matrix is not positive definite to rounding.
   */
  double[] solve(double damping) {
    DMatrixSparseCSC damped = matrix.copy();
    for (int column = 0; column < damped.numCols; column++) {
      // The diagonal's entry is the last of its column.
      damped.nz_values[damped.col_idx[column + 1] - 1] *= 1 + damping;
    }
    if (!solver.setA(damped)) {
      return null;
    }
    DMatrixRMaj solution = new DMatrixRMaj(gradient.numRows, 1);
    solver.solve(gradient, solution);
    double[] step = new double[gradient.numRows];
    for (int unknown = 0; unknown < place.length; unknown++) {
      for (int i = 0; i < BLOCK; i++) {
        step[BLOCK * unknown + i] = -solution.data[BLOCK * place[unknown] + i];
      }
    }
    return step;
  }
}
