package io.roomfield.slam.posegraph;

import io.roomfield.geometry.SE3;
import org.ejml.data.DMatrix3x3;
import org.ejml.data.DMatrix6;
import org.ejml.data.DMatrix6x6;
import org.ejml.dense.fixed.CommonOps_DDF3;

/**
 * How far two poses are from a measured relative pose, and the derivative of that.
 *
 * <p>With {@code E = measured^-1 * Ti^-1 * Tj}, which takes the actual camera {@code j} into the
 * measured one, the residual is {@code r = (t_E, log R_E)}: the twist that {@link SE3#perturbed}
 * makes {@code E} of the identity by (ADR 2), metres before radians. Poses are perturbed as there,
 * {@code (exp(w) R, t + v)}. With {@code A = Rm^T Ri^T}, {@code d = tj - ti} and the right Jacobian
 * {@code Jr} of SO(3) at {@code log R_E} (Forster et al., <em>On-Manifold Preintegration</em>, TRO
 * 2017, section III-A):
 *
 * <pre>
 *   dr/d(vi, wi) = [ -A  A [d]x       ]     dr/d(vj, wj) = [ A  0            ]
 *                  [  0  -Jr^-1 Rj^T  ]                    [ 0  Jr^-1 Rj^T   ]
 * </pre>
 */
final class PoseResidual {
  /** Below this angle in radians, the series of the right Jacobian's last coefficient. */
  private static final double SMALL_ANGLE = 1e-4;

  final DMatrix6 residual = new DMatrix6();
  final DMatrix6x6 fromJacobian = new DMatrix6x6();
  final DMatrix6x6 toJacobian = new DMatrix6x6();

  /** Computes {@link #residual} alone. */
  void evaluate(SE3 measured, SE3 from, SE3 to) {
    SE3 error = measured.inverse().times(from.inverse().times(to));
    double[] w = error.rotationVector();
    residual.setTo(error.tx(), error.ty(), error.tz(), w[0], w[1], w[2]);
  }

  /** Computes {@link #residual} and both Jacobians. */
  void linearise(SE3 measured, SE3 from, SE3 to) {
    evaluate(measured, from, to);
    DMatrix3x3 a = rotation(measured.inverse().times(from.inverse()));
    DMatrix3x3 lever = cross(to.tx() - from.tx(), to.ty() - from.ty(), to.tz() - from.tz());
    DMatrix3x3 turned = new DMatrix3x3();
    CommonOps_DDF3.mult(a, lever, turned);
    DMatrix3x3 b = new DMatrix3x3();
    CommonOps_DDF3.mult(
        inverseRightJacobian(residual.a4, residual.a5, residual.a6), rotation(to.inverse()), b);
    fromJacobian.zero();
    toJacobian.zero();
    put(toJacobian, 0, 0, a, 1);
    put(toJacobian, 3, 3, b, 1);
    put(fromJacobian, 0, 0, a, -1);
    put(fromJacobian, 0, 3, turned, 1);
    put(fromJacobian, 3, 3, b, -1);
  }

  /** {@code I + [w]x / 2 + (1 / |w|^2 - (1 + cos |w|) / (2 |w| sin |w|)) [w]x^2}. */
  private static DMatrix3x3 inverseRightJacobian(double x, double y, double z) {
    double angle = Math.sqrt(x * x + y * y + z * z);
    double factor =
        angle < SMALL_ANGLE
            ? 1.0 / 12
            : 1 / (angle * angle) - 1 / (2 * angle * Math.tan(angle / 2));
    DMatrix3x3 w = cross(x, y, z);
    DMatrix3x3 sum = new DMatrix3x3();
    CommonOps_DDF3.mult(factor, w, w, sum);
    CommonOps_DDF3.scale(0.5, w);
    CommonOps_DDF3.addEquals(sum, w);
    sum.a11++;
    sum.a22++;
    sum.a33++;
    return sum;
  }

  private static DMatrix3x3 cross(double x, double y, double z) {
    return new DMatrix3x3(0, -z, y, z, 0, -x, -y, x, 0);
  }

  private static DMatrix3x3 rotation(SE3 t) {
    return new DMatrix3x3(
        t.r00(), t.r01(), t.r02(), t.r10(), t.r11(), t.r12(), t.r20(), t.r21(), t.r22());
  }

  private static void put(DMatrix6x6 into, int row, int column, DMatrix3x3 block, double factor) {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        into.unsafe_set(row + i, column + j, factor * block.unsafe_get(i, j));
      }
    }
  }
}
