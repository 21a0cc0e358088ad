package io.roomfield.rooms;

/**
 * A solid with an exact signed distance: metres to its surface, negative inside, in the solid's own
 * frame. Formulas: Quilez, "Distance functions" (the box, cylinder and rounding are standard).
 */
public sealed interface Shape {
  /** Signed distance in metres at a point of the solid's own frame. */
  double distance(double x, double y, double z);

  /** Bounding box {@code {minX, minY, minZ, maxX, maxY, maxZ}}; infinite where it has no end. */
  double[] bounds();

  /**
   * A box about the origin, its edges rounded off with a radius (0 for sharp ones).
   *
   * @param width outer edge along x in metres
   * @param depth outer edge along y in metres
   * @param height outer edge along z in metres
   * @param rounding radius in metres, at most half the shortest edge
   */
  record Box(double width, double depth, double height, double rounding) implements Shape {
    /**
     * @throws IllegalArgumentException if an edge is not positive or the rounding does not fit
     */
    public Box {
      checkPositive("width", width);
      checkPositive("depth", depth);
      checkPositive("height", height);
      double largest = Math.min(width, Math.min(depth, height)) / 2;
      if (!(rounding >= 0 && rounding <= largest)) {
        throw new IllegalArgumentException(
            "rounding: %s m (expected: 0 to %s m, half the shortest edge)"
                .formatted(rounding, largest));
      }
    }

    /** A box with sharp edges. */
    public Box(double width, double depth, double height) {
      this(width, depth, height, 0);
    }

    @Override
    public double distance(double x, double y, double z) {
      double qx = Math.abs(x) - width / 2 + rounding;
      double qy = Math.abs(y) - depth / 2 + rounding;
      double qz = Math.abs(z) - height / 2 + rounding;
      double ox = Math.max(qx, 0);
      double oy = Math.max(qy, 0);
      double oz = Math.max(qz, 0);
      double inside = Math.min(Math.max(qx, Math.max(qy, qz)), 0);
      return Math.sqrt(ox * ox + oy * oy + oz * oz) + inside - rounding;
    }

    @Override
    public double[] bounds() {
      return new double[] {-width / 2, -depth / 2, -height / 2, width / 2, depth / 2, height / 2};
    }
  }

  /** An upright cylinder about the origin: its axis is z; metres. */
  record Cylinder(double radius, double height) implements Shape {
    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public Cylinder {
      checkPositive("radius", radius);
      checkPositive("height", height);
    }

    @Override
    public double distance(double x, double y, double z) {
      double side = Math.sqrt(x * x + y * y) - radius;
      return capped(side, Math.abs(z) - height / 2);
    }

    @Override
    public double[] bounds() {
      return new double[] {-radius, -radius, -height / 2, radius, radius, height / 2};
    }
  }

  /** A ball about the origin; metres. */
  record Sphere(double radius) implements Shape {
    /**
     * @throws IllegalArgumentException if the radius is not positive
     */
    public Sphere {
      checkPositive("radius", radius);
    }

    @Override
    public double distance(double x, double y, double z) {
      return Math.sqrt(x * x + y * y + z * z) - radius;
    }

    @Override
    public double[] bounds() {
      return new double[] {-radius, -radius, -radius, radius, radius, radius};
    }
  }

  /** A ring about the origin in the plane z = 0: metres from the axis to the ring, and its own. */
  record Torus(double ringRadius, double tubeRadius) implements Shape {
    /**
     * @throws IllegalArgumentException if a radius is not positive
     */
    public Torus {
      checkPositive("ringRadius", ringRadius);
      checkPositive("tubeRadius", tubeRadius);
    }

    @Override
    public double distance(double x, double y, double z) {
      double fromRing = Math.sqrt(x * x + y * y) - ringRadius;
      return Math.sqrt(fromRing * fromRing + z * z) - tubeRadius;
    }

    @Override
    public double[] bounds() {
      double r = ringRadius + tubeRadius;
      return new double[] {-r, -r, -tubeRadius, r, r, tubeRadius};
    }
  }

  /** A cut-off upright cone about the origin: radii at its lower and its upper end; metres. */
  record Frustum(double lowerRadius, double upperRadius, double height) implements Shape {
    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public Frustum {
      checkPositive("lowerRadius", lowerRadius);
      checkPositive("upperRadius", upperRadius);
      checkPositive("height", height);
    }

    @Override
    public double distance(double x, double y, double z) {
      double r = Math.sqrt(x * x + y * y);
      double half = height / 2;
      double capR = r - Math.min(r, z < 0 ? lowerRadius : upperRadius);
      double capZ = Math.abs(z) - half;
      double slopeR = upperRadius - lowerRadius;
      double along =
          ((upperRadius - r) * slopeR + (half - z) * height) / (slopeR * slopeR + height * height);
      double share = Math.clamp(along, 0.0, 1.0);
      double sideR = r - upperRadius + slopeR * share;
      double sideZ = z - half + height * share;
      double cap = capR * capR + capZ * capZ;
      double side = sideR * sideR + sideZ * sideZ;
      double sign = sideR < 0 && capZ < 0 ? -1 : 1;
      return sign * Math.sqrt(Math.min(cap, side));
    }

    @Override
    public double[] bounds() {
      double r = Math.max(lowerRadius, upperRadius);
      return new double[] {-r, -r, -height / 2, r, r, height / 2};
    }
  }

  /** An upright pipe about the origin, open at both ends: its middle radius; metres. */
  record Tube(double radius, double thickness, double height) implements Shape {
    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public Tube {
      checkPositive("radius", radius);
      checkPositive("thickness", thickness);
      checkPositive("height", height);
    }

    @Override
    public double distance(double x, double y, double z) {
      double side = Math.abs(Math.sqrt(x * x + y * y) - radius) - thickness / 2;
      return capped(side, Math.abs(z) - height / 2);
    }

    @Override
    public double[] bounds() {
      double r = radius + thickness / 2;
      return new double[] {-r, -r, -height / 2, r, r, height / 2};
    }
  }

  /** Everything below the plane z = 0. */
  record HalfSpace() implements Shape {
    @Override
    public double distance(double x, double y, double z) {
      return z;
    }

    @Override
    public double[] bounds() {
      double far = Double.POSITIVE_INFINITY;
      return new double[] {-far, -far, -far, far, far, 0};
    }
  }

  /** Distance to what lies within both a side and a cap, which meet at a right angle. */
  private static double capped(double side, double cap) {
    double outsideSide = Math.max(side, 0);
    double outsideCap = Math.max(cap, 0);
    return Math.min(Math.max(side, cap), 0)
        + Math.sqrt(outsideSide * outsideSide + outsideCap * outsideCap);
  }

  private static void checkPositive(String name, double metres) {
    if (!(metres > 0) || !Double.isFinite(metres)) {
      throw new IllegalArgumentException("%s: %s m (expected: > 0)".formatted(name, metres));
    }
  }
}
