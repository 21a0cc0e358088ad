package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class NormalEquationsTest {
  private static final double[][] JACOBIANS = {{1, -2, 0.5}, {0.25, 3, -1}, {-4, 0, 2}};
  private static final double[] RESIDUALS = {0.1, -0.3, 2};
  private static final double[] SIGMAS = {0.5, 0.2, 0.4};
  private static final double HUBER = 1.5;

  /** 1 / sigma^2; the third residual is 5 sigma, so that it weighs 1.5 / 5. */
  private static final double[] WEIGHTS = {4, 25, 6.25 * 0.3};

  /** A handful of sums and products of numbers below a thousand in double precision. */
  private static final Offset<Double> ROUNDING = within(1e-11);

  @Test
  void sumsWhatThePlainFormulaSums() {
    NormalEquations sum = sum(0, 3);
    SimpleMatrix j = new SimpleMatrix(JACOBIANS);
    SimpleMatrix w = SimpleMatrix.diag(WEIGHTS);
    SimpleMatrix r = new SimpleMatrix(3, 1, true, RESIDUALS);
    assertEquals(sum.matrix(), j.transpose().mult(w).mult(j));
    assertEquals(sum.gradient(), j.transpose().mult(w).mult(r));
    assertThat(sum.weights()).isCloseTo(4 + 25 + 1.875, ROUNDING);
    assertThat(sum.count()).isEqualTo(3);
  }

  @Test
  void costIsSquaredWithinHubersBoundAndLinearBeyond() {
    // 0.2 and 1.5 (the bound itself) sigmas count squared, 5 sigmas on the tangent at the bound.
    double squared = (0.2 * 0.2 + 1.5 * 1.5) / 2;
    double linear = 1.5 * 1.5 / 2 + 1.5 * (5 - 1.5);
    assertThat(sum(0, 3).meanCost()).isCloseTo((squared + linear) / 3, ROUNDING);
  }

  @Test
  void partsAddUp() {
    NormalEquations sum = sum(0, 1);
    sum.add(sum(1, 3));
    NormalEquations whole = sum(0, 3);
    assertEquals(sum.matrix(), whole.matrix());
    assertEquals(sum.gradient(), whole.gradient());
    assertThat(sum.weights()).isCloseTo(whole.weights(), ROUNDING);
    assertThat(sum.meanCost()).isCloseTo(whole.meanCost(), ROUNDING);
    assertThat(sum.count()).isEqualTo(3);
  }

  @Test
  void nothingCostsNothing() {
    assertThat(new NormalEquations(3).meanCost()).isZero();
  }

  private static NormalEquations sum(int from, int to) {
    NormalEquations sum = new NormalEquations(3);
    for (int i = from; i < to; i++) {
      sum.add(JACOBIANS[i], RESIDUALS[i], SIGMAS[i], HUBER);
    }
    return sum;
  }

  private static void assertEquals(SimpleMatrix actual, SimpleMatrix expected) {
    assertThat(actual.getDDRM().getData()).containsExactly(expected.getDDRM().getData(), ROUNDING);
  }
}
