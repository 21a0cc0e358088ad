package io.roomfield.rooms;

import io.roomfield.geometry.SE3;

/** A ray {@code origin + t direction} in metres; t is the distance: the direction has length 1. */
final class Ray {
  final double ox;
  final double oy;
  final double oz;
  final double dx;
  final double dy;
  final double dz;
  private final double inverseDx;
  private final double inverseDy;
  private final double inverseDz;

  private Ray(double ox, double oy, double oz, double dx, double dy, double dz) {
    this.ox = ox;
    this.oy = oy;
    this.oz = oz;
    this.dx = dx;
    this.dy = dy;
    this.dz = dz;
    inverseDx = 1 / dx;
    inverseDy = 1 / dy;
    inverseDz = 1 / dz;
  }

  /** From a point in a direction of any length but 0. */
  static Ray towards(double[] origin, double[] direction) {
    double n =
        Math.sqrt(
            direction[0] * direction[0]
                + direction[1] * direction[1]
                + direction[2] * direction[2]);
    return new Ray(
        origin[0], origin[1], origin[2], direction[0] / n, direction[1] / n, direction[2] / n);
  }

  /** The same ray in another frame. */
  Ray in(SE3 t) {
    return new Ray(
        t.r00() * ox + t.r01() * oy + t.r02() * oz + t.tx(),
        t.r10() * ox + t.r11() * oy + t.r12() * oz + t.ty(),
        t.r20() * ox + t.r21() * oy + t.r22() * oz + t.tz(),
        t.r00() * dx + t.r01() * dy + t.r02() * dz,
        t.r10() * dx + t.r11() * dy + t.r12() * dz,
        t.r20() * dx + t.r21() * dy + t.r22() * dz);
  }

  /**
   * Where the ray enters a box {@code {min, max}}: 0 if it starts inside; infinity if it misses the
   * box or enters beyond {@code tMax} (slab method).
   */
  double enters(double[] bounds, int at, double tMax) {
    double from = 0;
    double to = tMax;
    double a = (bounds[at] - ox) * inverseDx;
    double b = (bounds[at + 3] - ox) * inverseDx;
    from = a < b ? later(from, a) : later(from, b);
    to = a < b ? sooner(to, b) : sooner(to, a);
    a = (bounds[at + 1] - oy) * inverseDy;
    b = (bounds[at + 4] - oy) * inverseDy;
    from = a < b ? later(from, a) : later(from, b);
    to = a < b ? sooner(to, b) : sooner(to, a);
    a = (bounds[at + 2] - oz) * inverseDz;
    b = (bounds[at + 5] - oz) * inverseDz;
    from = a < b ? later(from, a) : later(from, b);
    to = a < b ? sooner(to, b) : sooner(to, a);
    return from <= to ? from : Double.POSITIVE_INFINITY;
  }

  /** The later one; a NaN (a ray within a slab's plane) counts for nothing. */
  private static double later(double t, double candidate) {
    return candidate > t ? candidate : t;
  }

  private static double sooner(double t, double candidate) {
    return candidate < t ? candidate : t;
  }
}
