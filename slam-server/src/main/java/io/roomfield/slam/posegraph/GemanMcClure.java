package io.roomfield.slam.posegraph;

/**
 * The robust kernel of Geman and McClure, {@code rho(chi2) = s chi2 / (s + chi2)}: nearly {@code
 * chi2} far below the scale {@code s}, and never above {@code s}.
 *
 * @param scale {@code s}; infinite for plain least squares
 */
record GemanMcClure(double scale) {
  static final GemanMcClure NONE = new GemanMcClure(Double.POSITIVE_INFINITY);

  double loss(double chi2) {
    return chi2 / (1 + chi2 / scale);
  }

  /** The kernel's derivative: what an edge counts in a step of least squares. */
  double weight(double chi2) {
    double share = 1 / (1 + chi2 / scale);
    return share * share;
  }
}
