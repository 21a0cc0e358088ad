package io.roomfield.geometry;

/**
 * A rigid transform {@code y = R x + t}; poses are camera-to-world and named {@code
 * worldFromCamera}. Immutable.
 *
 * @param r00 rotation, row by row
 * @param tx translation in metres
 */
public record SE3(
    double r00,
    double r01,
    double r02,
    double r10,
    double r11,
    double r12,
    double r20,
    double r21,
    double r22,
    double tx,
    double ty,
    double tz) {

  public static final SE3 IDENTITY = new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);

  /** Largest deviation of {@code R^T R} from the identity that {@link #fromMatrix} accepts. */
  private static final double ORTHONORMAL_TOLERANCE = 1e-3;

  /**
   * Reads a row-major 4x4 (or 3x4) matrix and re-orthonormalises its rotation.
   *
   * @throws IllegalArgumentException if it is not finite or not a rigid transform
   */
  public static SE3 fromMatrix(double[] m) {
    if (m.length != 16 && m.length != 12) {
      throw new IllegalArgumentException(
          "pose: %d numbers (expected: 16 of a 4x4, or 12 of a 3x4 matrix)".formatted(m.length));
    }
    for (double v : m) {
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException("pose: has a value %s (expected: finite)".formatted(v));
      }
    }
    double[][] rows = {{m[0], m[1], m[2]}, {m[4], m[5], m[6]}, {m[8], m[9], m[10]}};
    for (int i = 0; i < 3; i++) {
      for (int j = i; j < 3; j++) {
        double dot = dot(rows[i], rows[j]);
        if (Math.abs(dot - (i == j ? 1 : 0)) > ORTHONORMAL_TOLERANCE) {
          throw new IllegalArgumentException(
              "pose: rows %d and %d of the rotation have product %.6f (expected: %d)"
                  .formatted(i, j, dot, i == j ? 1 : 0));
        }
      }
    }
    if (dot(cross(rows[0], rows[1]), rows[2]) < 0) {
      throw new IllegalArgumentException(
          "pose: a reflection (expected: a rotation, determinant 1)");
    }
    double[] q = quaternion(rows);
    return fromQuaternion(q[0], q[1], q[2], q[3], m[3], m[7], m[11]);
  }

  /**
   * From a quaternion (normalised here) and a translation in metres.
   *
   * @throws IllegalArgumentException if a value is not finite or the quaternion has no length
   */
  public static SE3 fromQuaternion(
      double qx, double qy, double qz, double qw, double tx, double ty, double tz) {
    double n = Math.sqrt(qx * qx + qy * qy + qz * qz + qw * qw);
    if (!(n > 1e-6) || !Double.isFinite(n + tx + ty + tz)) {
      throw new IllegalArgumentException(
          "pose: quaternion (%s, %s, %s, %s), translation (%s, %s, %s) (expected: finite, quaternion not zero)"
              .formatted(qx, qy, qz, qw, tx, ty, tz));
    }
    double x = qx / n;
    double y = qy / n;
    double z = qz / n;
    double w = qw / n;
    return new SE3(
        1 - 2 * (y * y + z * z),
        2 * (x * y - z * w),
        2 * (x * z + y * w),
        2 * (x * y + z * w),
        1 - 2 * (x * x + z * z),
        2 * (y * z - x * w),
        2 * (x * z - y * w),
        2 * (y * z + x * w),
        1 - 2 * (x * x + y * y),
        tx,
        ty,
        tz);
  }

  /** A rotation vector (axis times angle, radians) and a translation. */
  public static SE3 fromRotationVector(
      double wx, double wy, double wz, double tx, double ty, double tz) {
    double angle = Math.sqrt(wx * wx + wy * wy + wz * wz);
    double s = angle < 1e-12 ? 0.5 : Math.sin(angle / 2) / angle;
    return fromQuaternion(wx * s, wy * s, wz * s, Math.cos(angle / 2), tx, ty, tz);
  }

  /** Camera at {@code eye} looking at {@code target}; {@code up} points up (camera y is down). */
  public static SE3 lookAt(double[] eye, double[] target, double[] up) {
    double[] z =
        normalised(new double[] {target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]});
    double[] x = normalised(cross(z, up));
    double[] y = cross(z, x);
    return new SE3(x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2], eye[0], eye[1], eye[2]);
  }

  /** {@code this * other}. */
  public SE3 times(SE3 o) {
    return new SE3(
        r00 * o.r00 + r01 * o.r10 + r02 * o.r20,
        r00 * o.r01 + r01 * o.r11 + r02 * o.r21,
        r00 * o.r02 + r01 * o.r12 + r02 * o.r22,
        r10 * o.r00 + r11 * o.r10 + r12 * o.r20,
        r10 * o.r01 + r11 * o.r11 + r12 * o.r21,
        r10 * o.r02 + r11 * o.r12 + r12 * o.r22,
        r20 * o.r00 + r21 * o.r10 + r22 * o.r20,
        r20 * o.r01 + r21 * o.r11 + r22 * o.r21,
        r20 * o.r02 + r21 * o.r12 + r22 * o.r22,
        r00 * o.tx + r01 * o.ty + r02 * o.tz + tx,
        r10 * o.tx + r11 * o.ty + r12 * o.tz + ty,
        r20 * o.tx + r21 * o.ty + r22 * o.tz + tz);
  }

  /** The nearest rigid transform: products of many transforms drift away from one. */
  public SE3 normalised() {
    double[] q = quaternion();
    return fromQuaternion(q[0], q[1], q[2], q[3], tx, ty, tz);
  }

  public SE3 inverse() {
    return new SE3(
        r00,
        r10,
        r20,
        r01,
        r11,
        r21,
        r02,
        r12,
        r22,
        -(r00 * tx + r10 * ty + r20 * tz),
        -(r01 * tx + r11 * ty + r21 * tz),
        -(r02 * tx + r12 * ty + r22 * tz));
  }

  /** {@code R (x, y, z) + t}. */
  public double[] apply(double x, double y, double z) {
    return new double[] {
      r00 * x + r01 * y + r02 * z + tx,
      r10 * x + r11 * y + r12 * z + ty,
      r20 * x + r21 * y + r22 * z + tz
    };
  }

  /** {@code R (x, y, z)}. */
  public double[] rotate(double x, double y, double z) {
    return new double[] {
      r00 * x + r01 * y + r02 * z, r10 * x + r11 * y + r12 * z, r20 * x + r21 * y + r22 * z
    };
  }

  /**
   * Moves the pose by a twist applied on the left in world axes, its rotation about the camera's
   * own centre: {@code (exp(w) R, t + v)}. So rotation and translation do not couple through the
   * distance from the world's origin (algorithm, section 4, "Ours").
   */
  public SE3 perturbed(double vx, double vy, double vz, double wx, double wy, double wz) {
    SE3 rotation = fromRotationVector(wx, wy, wz, 0, 0, 0);
    SE3 turned = rotation.times(new SE3(r00, r01, r02, r10, r11, r12, r20, r21, r22, 0, 0, 0));
    double[] q = turned.quaternion();
    return fromQuaternion(q[0], q[1], q[2], q[3], tx + vx, ty + vy, tz + vz);
  }

  /** Unit quaternion {@code {x, y, z, w}}, w not negative. */
  public double[] quaternion() {
    return quaternion(new double[][] {{r00, r01, r02}, {r10, r11, r12}, {r20, r21, r22}});
  }

  /** Rotation vector (axis times angle) in radians, angle in [0, pi]. */
  public double[] rotationVector() {
    double[] q = quaternion();
    double s = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
    double factor = s < 1e-12 ? 2 : 2 * Math.atan2(s, q[3]) / s;
    return new double[] {q[0] * factor, q[1] * factor, q[2] * factor};
  }

  /** Angle of the rotation in radians, in [0, pi]. */
  public double rotationAngle() {
    double[] q = quaternion();
    return 2 * Math.atan2(Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]), q[3]);
  }

  public double translationNorm() {
    return Math.sqrt(tx * tx + ty * ty + tz * tz);
  }

  /** Between this (0) and other (1): linear in translation, spherical in rotation. */
  public SE3 interpolate(SE3 other, double fraction) {
    double[] w = inverse().times(other).rotationVector();
    SE3 step = fromRotationVector(w[0] * fraction, w[1] * fraction, w[2] * fraction, 0, 0, 0);
    SE3 turned = new SE3(r00, r01, r02, r10, r11, r12, r20, r21, r22, 0, 0, 0).times(step);
    double[] q = turned.quaternion();
    return fromQuaternion(
        q[0],
        q[1],
        q[2],
        q[3],
        tx + fraction * (other.tx - tx),
        ty + fraction * (other.ty - ty),
        tz + fraction * (other.tz - tz));
  }

  /** Row-major 4x4. */
  public double[] matrix() {
    return new double[] {r00, r01, r02, tx, r10, r11, r12, ty, r20, r21, r22, tz, 0, 0, 0, 1};
  }

  private static double[] quaternion(double[][] r) {
    double trace = r[0][0] + r[1][1] + r[2][2];
    double[] q = new double[4];
    if (trace > 0) {
      double s = Math.sqrt(trace + 1) * 2;
      q[0] = (r[2][1] - r[1][2]) / s;
      q[1] = (r[0][2] - r[2][0]) / s;
      q[2] = (r[1][0] - r[0][1]) / s;
      q[3] = s / 4;
    } else {
      int i = r[1][1] > r[0][0] ? 1 : 0;
      i = r[2][2] > r[i][i] ? 2 : i;
      int j = (i + 1) % 3;
      int k = (i + 2) % 3;
      double s = Math.sqrt(1 + r[i][i] - r[j][j] - r[k][k]) * 2;
      q[i] = s / 4;
      q[j] = (r[j][i] + r[i][j]) / s;
      q[k] = (r[k][i] + r[i][k]) / s;
      q[3] = (r[k][j] - r[j][k]) / s;
    }
    double sign = q[3] < 0 ? -1 : 1;
    double n = sign / Math.sqrt(dot(q, q));
    return new double[] {q[0] * n, q[1] * n, q[2] * n, q[3] * n};
  }

  private static double dot(double[] a, double[] b) {
    double s = 0;
    for (int i = 0; i < a.length; i++) {
      s += a[i] * b[i];
    }
    return s;
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  private static double[] normalised(double[] a) {
    double n = Math.sqrt(dot(a, a));
    return new double[] {a[0] / n, a[1] / n, a[2] / n};
  }
}
