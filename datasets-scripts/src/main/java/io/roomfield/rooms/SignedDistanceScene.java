package io.roomfield.rooms;

import io.roomfield.rooms.BoundingVolumeHierarchy.Hit;
import io.roomfield.rooms.BoundingVolumeHierarchy.Nearest;
import java.util.ArrayList;
import java.util.List;

/**
 * A union of solids as one signed distance function, in world metres: exact in free space; inside
 * overlapping solids its magnitude is a lower bound. Immutable, for any number of threads.
 */
public final class SignedDistanceScene {
  private final List<SceneObject> objects;
  private final List<SceneObject> unbounded = new ArrayList<>();
  private final BoundingVolumeHierarchy bounded;

  /**
   * @throws IllegalArgumentException if there is no object
   */
  public SignedDistanceScene(List<SceneObject> objects) {
    if (objects.isEmpty()) {
      throw new IllegalArgumentException("objects: none (expected: at least 1)");
    }
    this.objects = List.copyOf(objects);
    List<SceneObject> withBounds = new ArrayList<>();
    for (SceneObject object : objects) {
      (object.isBounded() ? withBounds : unbounded).add(object);
    }
    bounded = new BoundingVolumeHierarchy(withBounds);
  }

  /** The solids that the scene consists of. */
  List<SceneObject> objects() {
    return objects;
  }

  /** Metres to the nearest surface: positive in free space, negative inside a solid. */
  public double distance(double x, double y, double z) {
    return nearest(x, y, z).distance();
  }

  /** Unit normal of the nearest surface, towards free space. */
  public double[] normal(double x, double y, double z) {
    return nearest(x, y, z).object().normal(x, y, z);
  }

  /** The lesser of distance and limit: quicker than {@link #distance} away from surfaces. */
  double distanceWithin(double limit, double x, double y, double z) {
    return nearestWithin(limit, x, y, z).distance();
  }

  Nearest nearest(double x, double y, double z) {
    return nearestWithin(Double.POSITIVE_INFINITY, x, y, z);
  }

  private Nearest nearestWithin(double limit, double x, double y, double z) {
    Nearest nearest = new Nearest(limit, null);
    for (SceneObject object : unbounded) {
      double distance = object.distance(x, y, z);
      nearest = distance < nearest.distance() ? new Nearest(distance, object) : nearest;
    }
    return bounded.nearest(new double[] {x, y, z}, nearest);
  }

  /** The first surface that a ray meets within {@code tMax} metres. */
  Hit trace(Ray ray, double tMax) {
    Hit hit = new Hit(tMax, null);
    for (SceneObject object : unbounded) {
      double t = object.intersect(ray, hit.t());
      hit = t < hit.t() ? new Hit(t, object) : hit;
    }
    hit = bounded.closest(ray, hit);
    return hit.object() == null ? new Hit(Double.POSITIVE_INFINITY, null) : hit;
  }
}
