package io.roomfield.rooms;

import io.roomfield.geometry.SE3;

/** A solid somewhere in the world, and what its surface looks like. Immutable. */
public final class SceneObject {
  /** Distance at which sphere tracing has arrived, in metres. */
  private static final double HIT_DISTANCE = 1e-6;

  /** A ray that has not arrived after so many steps grazes the surface and passes it by. */
  private static final int MAX_STEPS = 256;

  /** Half the stencil of the central differences that give normals, in metres. */
  private static final double NORMAL_STEP = 1e-5;

  private final Shape shape;
  private final SE3 worldFromObject;
  private final SE3 objectFromWorld;
  private final Texture texture;
  private final double[] localBounds;

  public SceneObject(Shape shape, SE3 worldFromObject, Texture texture) {
    this.shape = shape;
    this.worldFromObject = worldFromObject;
    this.objectFromWorld = worldFromObject.inverse();
    this.texture = texture;
    this.localBounds = shape.bounds();
  }

  /** The same solid after a rigid motion of the world. */
  SceneObject moved(SE3 movedFromWorld) {
    return new SceneObject(shape, movedFromWorld.times(worldFromObject), texture);
  }

  /** Signed distance in metres at a point of the world, negative inside. */
  public double distance(double x, double y, double z) {
    SE3 t = objectFromWorld;
    return shape.distance(
        t.r00() * x + t.r01() * y + t.r02() * z + t.tx(),
        t.r10() * x + t.r11() * y + t.r12() * z + t.ty(),
        t.r20() * x + t.r21() * y + t.r22() * z + t.tz());
  }

  /** Outward unit normal (gradient of the distance) at a point of the world. */
  double[] normal(double x, double y, double z) {
    double h = NORMAL_STEP;
    double nx = distance(x + h, y, z) - distance(x - h, y, z);
    double ny = distance(x, y + h, z) - distance(x, y - h, z);
    double nz = distance(x, y, z + h) - distance(x, y, z - h);
    double n = Math.sqrt(nx * nx + ny * ny + nz * nz);
    return n > 0 ? new double[] {nx / n, ny / n, nz / n} : new double[] {0, 0, 1};
  }

  /**
   * First hit before {@code tMax}, or infinity: sphere tracing (Hart 1996) from where the ray
   * enters the solid's own bounding box, which for sharp boxes is the hit.
   */
  double intersect(Ray ray, double tMax) {
    Ray local = ray.in(objectFromWorld);
    double t = local.enters(localBounds, 0, tMax);
    for (int step = 0; step < MAX_STEPS && t < tMax; step++) {
      double distance =
          shape.distance(local.ox + t * local.dx, local.oy + t * local.dy, local.oz + t * local.dz);
      if (distance < HIT_DISTANCE) {
        return t;
      }
      t += distance;
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Unlit colour at a point of the surface; {@code footprint} is a pixel's size there, metres. */
  Colour colour(double[] point, double[] normal, double footprint) {
    double[] p = objectFromWorld.apply(point[0], point[1], point[2]);
    double[] n = objectFromWorld.rotate(normal[0], normal[1], normal[2]);
    return texture.colour(new SurfacePoint(p[0], p[1], p[2], n[0], n[1], n[2], footprint));
  }

  boolean isBounded() {
    for (double v : localBounds) {
      if (!Double.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  private double localCentre(int axis) {
    return (localBounds[axis] + localBounds[axis + 3]) / 2;
  }

  private double localHalf(int axis) {
    return (localBounds[axis + 3] - localBounds[axis]) / 2;
  }

  /**
   * Most of {@code nx x + ny y + nz z} over the points of the solid's own bounding box; only of
   * bounded solids.
   */
  double support(double nx, double ny, double nz) {
    SE3 t = worldFromObject;
    double ax = nx * t.r00() + ny * t.r10() + nz * t.r20();
    double ay = nx * t.r01() + ny * t.r11() + nz * t.r21();
    double az = nx * t.r02() + ny * t.r12() + nz * t.r22();
    return nx * t.tx()
        + ny * t.ty()
        + nz * t.tz()
        + ax * localCentre(0)
        + ay * localCentre(1)
        + az * localCentre(2)
        + Math.abs(ax) * localHalf(0)
        + Math.abs(ay) * localHalf(1)
        + Math.abs(az) * localHalf(2);
  }

  /** Bounding box in the world {@code {min, max}}; only of bounded solids. */
  double[] worldBounds() {
    double[] half = {localHalf(0), localHalf(1), localHalf(2)};
    double[] c = worldFromObject.apply(localCentre(0), localCentre(1), localCentre(2));
    SE3 t = worldFromObject;
    double ex = Math.abs(t.r00()) * half[0] + Math.abs(t.r01()) * half[1];
    double ey = Math.abs(t.r10()) * half[0] + Math.abs(t.r11()) * half[1];
    double ez = Math.abs(t.r20()) * half[0] + Math.abs(t.r21()) * half[1];
    ex += Math.abs(t.r02()) * half[2];
    ey += Math.abs(t.r12()) * half[2];
    ez += Math.abs(t.r22()) * half[2];
    return new double[] {c[0] - ex, c[1] - ey, c[2] - ez, c[0] + ex, c[1] + ey, c[2] + ez};
  }
}
