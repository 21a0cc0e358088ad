package io.roomfield.slam.posegraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrix6;
import org.ejml.data.DMatrix6x6;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class SparseNormalEquationsTest {
  private static final int SIZE = 9;

  private final SplittableRandom random = new SplittableRandom(3);

  /** A chain and chords, pairs given in both orders, one twice. */
  private static List<int[]> pairs() {
    List<int[]> pairs = new ArrayList<>();
    for (int i = 1; i < SIZE; i++) {
      pairs.add(i % 2 == 0 ? new int[] {i, i - 1} : new int[] {i - 1, i});
    }
    pairs.add(new int[] {7, 1});
    pairs.add(new int[] {0, 4});
    pairs.add(new int[] {4, 0});
    return pairs;
  }

  @Test
  void solvesWhatADenseMatrixSolves() {
    SparseNormalEquations equations = new SparseNormalEquations(SIZE, pairs());
    equations.addDiagonal(0, random());
    equations.clear();
    SimpleMatrix dense = new SimpleMatrix(6 * SIZE, 6 * SIZE);
    for (int[] pair : pairs()) {
      DMatrix6x6 block = random();
      equations.addPair(pair[0], pair[1], block);
      addTo(dense, pair[0], pair[1], block);
    }
    for (int i = 0; i < SIZE; i++) {
      DMatrix6x6 block = new DMatrix6x6();
      for (int k = 0; k < 6; k++) {
        block.set(k, k, 50 + k); // dominates rows of at most 24 entries below 1
      }
      equations.addDiagonal(i, block);
      addTo(dense, i, i, block);
      equations.addGradient(i, new DMatrix6(i, 1, 2, 3, 4, 5));
    }
    for (int k = 0; k < 6 * SIZE; k++) {
      dense.set(k, k, 1.5 * dense.get(k, k));
    }
    SimpleMatrix gradient = new SimpleMatrix(6 * SIZE, 1);
    for (int i = 0; i < gradient.getNumElements(); i++) {
      gradient.set(i, i % 6 == 0 ? i / 6.0 : i % 6);
    }
    double[] expected = dense.solve(gradient).negative().getDDRM().getData();
    // Condition numbers of a few, entries below 1.
    assertThat(equations.solve(0.5)).containsExactly(expected, Offset.offset(1e-13));
  }

  @Test
  void tellsThatAMatrixIsNotPositiveDefinite() {
    assertThat(new SparseNormalEquations(SIZE, pairs()).solve(1)).isNull();
  }

  /** The ends of a star go first: none of them becomes another's neighbour. */
  @Test
  void eliminatesTheNodesWithTheFewestNeighboursFirst() {
    List<int[]> star = List.of(new int[] {0, 1}, new int[] {2, 0}, new int[] {0, 3});
    assertThat(EliminationOrder.of(4, star)).containsExactly(2, 0, 1, 3);
  }

  private DMatrix6x6 random() {
    DMatrix6x6 block = new DMatrix6x6();
    for (int i = 0; i < 36; i++) {
      block.set(i / 6, i % 6, random.nextDouble(-1, 1));
    }
    return block;
  }

  private static void addTo(SimpleMatrix dense, int row, int column, DMatrix6x6 block) {
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        int r = 6 * row + i;
        int c = 6 * column + j;
        dense.set(r, c, dense.get(r, c) + block.get(i, j));
        if (row != column) {
          dense.set(c, r, dense.get(r, c));
        }
      }
    }
  }
}
