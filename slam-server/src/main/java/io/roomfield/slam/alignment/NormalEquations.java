package io.roomfield.slam.alignment;

import org.ejml.simple.SimpleMatrix;

/**
 * Sums of weighted least squares: {@code H = sum w J J^T}, {@code b = sum w J r} and the robust
 * cost, whose minimum lies at {@code x = -H^-1 b}.
 */
final class NormalEquations {
  private final int unknowns;

  /** The upper triangle of H, row by row. */
  private final double[] triangle;

  private final double[] gradient;
  private double cost;
  private double weights;
  private int count;

  NormalEquations(int unknowns) {
    this.unknowns = unknowns;
    triangle = new double[unknowns * (unknowns + 1) / 2];
    gradient = new double[unknowns];
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
    int at = 0;
    for (int i = 0; i < unknowns; i++) {
      double row = weight * jacobian[i];
      gradient[i] += row * residual;
      for (int j = i; j < unknowns; j++) {
        triangle[at++] += row * jacobian[j];
      }
    }
    cost += inside ? scaled * scaled / 2 : huber * (scaled - huber / 2);
    weights += weight;
    count++;
  }

  void add(NormalEquations other) {
    for (int i = 0; i < triangle.length; i++) {
      triangle[i] += other.triangle[i];
    }
    for (int i = 0; i < unknowns; i++) {
      gradient[i] += other.gradient[i];
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
    SimpleMatrix h = new SimpleMatrix(unknowns, unknowns);
    int at = 0;
    for (int i = 0; i < unknowns; i++) {
      for (int j = i; j < unknowns; j++) {
        h.set(i, j, triangle[at]);
        h.set(j, i, triangle[at++]);
      }
    }
    return h;
  }

  SimpleMatrix gradient() {
    return new SimpleMatrix(unknowns, 1, true, gradient);
  }
}
