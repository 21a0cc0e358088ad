package io.roomfield.slam.client.eval;

import io.roomfield.geometry.SE3;
import java.util.List;
import java.util.stream.Stream;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * The rotation and translation that bring one set of points onto another with the least squared
 * error, without scale: S. Umeyama, "Least-squares estimation of transformation parameters between
 * two point patterns", PAMI 1991, with its scale factor held at 1.
 */
public final class RigidAlignment {
  private static final int MIN_POINTS = 3;

  /**
   * Second over first singular value of the covariance below which points count as lying on a line:
   * they then spread across it by less than 10 micrometres per metre along it.
   */
  private static final double MIN_SPREAD_RATIO = 1e-10;

  /** First singular value in square metres below which all points count as one: a micrometre. */
  private static final double MIN_SPREAD = 1e-12;

  private RigidAlignment() {}

  /**
   * {@code argmin_T sum_i |to_i - T from_i|^2} over rotations (never reflections) and translations.
   *
   * @param from points {@code {x, y, z}} in metres
   * @param to their counterparts, as many
   * @throws IllegalArgumentException if there are fewer than three pairs, or if one of the sets
   *     lies on a point or a line, so that a rotation is left open
   */
  public static SE3 of(List<double[]> from, List<double[]> to) {
    if (from.size() != to.size() || from.size() < MIN_POINTS) {
      throw new IllegalArgumentException(
          "alignment: %d and %d points (expected: as many, 3 or more)"
              .formatted(from.size(), to.size()));
    }
    double[] fromMean = mean(from);
    double[] toMean = mean(to);
    SimpleSVD<SimpleMatrix> svd = covariance(from, fromMean, to, toMean).svd();
    checkSpread(svd.getSingleValue(0), svd.getSingleValue(1));
    SimpleMatrix u = svd.getU();
    SimpleMatrix v = svd.getV();
    double handedness = Math.signum(u.determinant() * v.determinant());
    SimpleMatrix r =
        u.mult(SimpleMatrix.diag(1, 1, handedness)).mult(v.transpose()); // equation 40, 43
    SE3 rotation =
        SE3.fromMatrix(
            new double[] {
              r.get(0, 0), r.get(0, 1), r.get(0, 2), 0,
              r.get(1, 0), r.get(1, 1), r.get(1, 2), 0,
              r.get(2, 0), r.get(2, 1), r.get(2, 2), 0
            });
    double[] turned = rotation.apply(fromMean[0], fromMean[1], fromMean[2]);
    double[] q = rotation.quaternion();
    return SE3.fromQuaternion(
        q[0],
        q[1],
        q[2],
        q[3],
        toMean[0] - turned[0],
        toMean[1] - turned[1],
        toMean[2] - turned[2]);
  }

  /**
   * The same for whole poses: each stands for its camera's centre and the points a metre along its
   * three axes, so that orientations count too. A short walk is nearly a line, about which
   * positions alone leave the rotation open: too open to compare surfaces by.
   *
   * @param from poses in one world
   * @param to their counterparts in the other, as many
   * @throws IllegalArgumentException if there is none
   */
  public static SE3 ofPoses(List<SE3> from, List<SE3> to) {
    return of(frames(from), frames(to));
  }

  private static List<double[]> frames(List<SE3> poses) {
    return poses.stream()
        .flatMap(
            pose ->
                Stream.of(
                    pose.apply(0, 0, 0),
                    pose.apply(1, 0, 0),
                    pose.apply(0, 1, 0),
                    pose.apply(0, 0, 1)))
        .toList();
  }

  private static double[] mean(List<double[]> points) {
    double[] sum = new double[3];
    for (double[] p : points) {
      for (int i = 0; i < 3; i++) {
        sum[i] += p[i] / points.size();
      }
    }
    return sum;
  }

  /** {@code 1/n sum (to - mean)(from - mean)^T}, equation 38. */
  private static SimpleMatrix covariance(
      List<double[]> from, double[] fromMean, List<double[]> to, double[] toMean) {
    SimpleMatrix sum = new SimpleMatrix(3, 3);
    for (int n = 0; n < from.size(); n++) {
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          double product = (to.get(n)[i] - toMean[i]) * (from.get(n)[j] - fromMean[j]);
          sum.set(i, j, sum.get(i, j) + product / from.size());
        }
      }
    }
    return sum;
  }

  private static void checkSpread(double first, double second) {
    if (!(first > MIN_SPREAD) || !(second > MIN_SPREAD_RATIO * first)) {
      throw new IllegalArgumentException(
          ("alignment: the points lie on a %s, singular values of the covariance %.3g and %.3g m^2"
                  + " (expected: points that spread in a plane, so that no rotation is left open)")
              .formatted(first > MIN_SPREAD ? "line" : "point", first, second));
    }
  }
}
