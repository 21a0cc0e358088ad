package io.roomfield.slam.alignment;

import java.util.Arrays;
import org.ejml.simple.SimpleMatrix;

/**
 * Sums of weighted least squares: {@code H = sum w J J^T}, {@code b = sum w J r} and the robust
 * cost, whose minimum lies at {@code x = -H^-1 b}. Residuals are gathered and summed {@value
 * #BATCH} at a time, place by place of the batch, so that the loops are over neighbours in memory
 * and the order of summation is always the same.
 */
final class NormalEquations {
  private static final int BATCH = 64;

  private final int unknowns;

  /** Of the gathered residuals: {@code dr/dx}, then r, {@code [unknowns + 1, BATCH]}. */
  private final double[][] columns;

  private final double[] batchWeights = new double[BATCH];
  private final double[] weighted = new double[BATCH];
  private int gathered;

  /**
   * The upper triangle of H row by row, each row with b's element behind it, {@code [entries,
   * BATCH]}: what is wanted is the sum over the batch's places.
   */
  private final double[][] sums;

  private double cost;
  private double weights;
  private int count;

  NormalEquations(int unknowns) {
    this.unknowns = unknowns;
    columns = new double[unknowns + 1][BATCH];
    sums = new double[unknowns * (unknowns + 3) / 2][BATCH];
  }

  /**
   * Adds a residual under Huber's loss.
   *
   * @param jacobian {@code dr/dx}, {@code [unknowns]}
   * @param sigma the residual's standard deviation
   * @param huber from how many of them on it counts linearly
   */
  void add(double[] jacobian, double residual, double sigma, double huber) {
    double scaled = Math.abs(residual) / sigma;
    boolean inside = scaled <= huber;
    double weight = (inside ? 1 : huber / scaled) / (sigma * sigma);
    for (int i = 0; i < unknowns; i++) {
      columns[i][gathered] = jacobian[i];
    }
    columns[unknowns][gathered] = residual;
    batchWeights[gathered] = weight;
    cost += inside ? scaled * scaled / 2 : huber * (scaled - huber / 2);
    weights += weight;
    count++;
    gathered++;
    if (gathered == BATCH) {
      sumUp();
    }
  }

  /** Adds what was gathered to the sums. */
  private void sumUp() {
    Arrays.fill(batchWeights, gathered, BATCH, 0);
    int entry = 0;
    for (int i = 0; i < unknowns; i++) {
      multiply(batchWeights, columns[i], weighted);
      for (int j = i; j <= unknowns; j++) {
        addProducts(weighted, columns[j], sums[entry]);
        entry++;
      }
    }
    gathered = 0;
  }

  private static void multiply(double[] a, double[] b, double[] products) {
    for (int k = 0; k < BATCH; k++) {
      products[k] = a[k] * b[k];
    }
  }

  private static void addProducts(double[] a, double[] b, double[] sums) {
    for (int k = 0; k < BATCH; k++) {
      sums[k] += a[k] * b[k];
    }
  }

  void add(NormalEquations other) {
    sumUp();
    other.sumUp();
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; k < BATCH; k++) {
        sums[i][k] += other.sums[i][k];
      }
    }
    cost += other.cost;
    weights += other.weights;
    count += other.count;
  }

  int count() {
    return count;
  }

  /** Mean robust cost of a residual; that of a normal distribution is just below a half. */
  double meanCost() {
    return count == 0 ? 0 : cost / count;
  }

  /** Sum of the residuals' weights. */
  double weights() {
    return weights;
  }

  SimpleMatrix matrix() {
    sumUp();
    SimpleMatrix h = new SimpleMatrix(unknowns, unknowns);
    for (int i = 0; i < unknowns; i++) {
      for (int j = i; j < unknowns; j++) {
        double sum = sum(entry(i, j));
        h.set(i, j, sum);
        h.set(j, i, sum);
      }
    }
    return h;
  }

  SimpleMatrix gradient() {
    sumUp();
    SimpleMatrix b = new SimpleMatrix(unknowns, 1);
    for (int i = 0; i < unknowns; i++) {
      b.set(i, sum(entry(i, unknowns)));
    }
    return b;
  }

  private int entry(int row, int column) {
    return row * (2 * unknowns + 3 - row) / 2 + column - row;
  }

  private double sum(int entry) {
    double sum = 0;
    for (double part : sums[entry]) {
      sum += part;
    }
    return sum;
  }
}
