package io.roomfield.rooms;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A binary tree of axis-aligned boxes over a scene's bounded solids, split at the median of the
 * longest axis; so that a ray or a distance asks few of them.
 */
final class BoundingVolumeHierarchy {
  /** A median split halves: deeper than any scene of this library. */
  private static final int STACK = 64;

  private static final int BOX = 6;

  private final SceneObject[] objects;

  /** Node n: its box {@code [nodes, 6]}. */
  private final double[] bounds;

  /** Node n: first of its two children (the second follows it), or {@code -1 - object}. */
  private final int[] children;

  private int nodes;

  BoundingVolumeHierarchy(List<SceneObject> bounded) {
    objects = bounded.toArray(SceneObject[]::new);
    int capacity = Math.max(1, 2 * objects.length - 1);
    bounds = new double[BOX * capacity];
    children = new int[capacity];
    if (objects.length > 0) {
      double[][] boxes = new double[objects.length][];
      Integer[] order = new Integer[objects.length];
      for (int i = 0; i < objects.length; i++) {
        boxes[i] = objects[i].worldBounds();
        order[i] = i;
      }
      nodes = 1;
      build(0, order, boxes);
    }
  }

  private void build(int node, Integer[] order, double[][] boxes) {
    double[] box = boxes[order[0]].clone();
    for (int object : order) {
      for (int a = 0; a < 3; a++) {
        box[a] = Math.min(box[a], boxes[object][a]);
        box[a + 3] = Math.max(box[a + 3], boxes[object][a + 3]);
      }
    }
    System.arraycopy(box, 0, bounds, BOX * node, BOX);
    if (order.length == 1) {
      children[node] = -1 - order[0];
      return;
    }
    int axis = longestAxis(box);
    Arrays.sort(order, Comparator.comparingDouble(o -> boxes[o][axis] + boxes[o][axis + 3]));
    int left = nodes;
    nodes += 2;
    children[node] = left;
    build(left, Arrays.copyOfRange(order, 0, order.length / 2), boxes);
    build(left + 1, Arrays.copyOfRange(order, order.length / 2, order.length), boxes);
  }

  private static int longestAxis(double[] box) {
    int axis = 0;
    for (int a = 1; a < 3; a++) {
      axis = box[a + 3] - box[a] > box[axis + 3] - box[axis] ? a : axis;
    }
    return axis;
  }

  /** The nearest hit before that of {@code best}, or {@code best}. */
  Hit closest(Ray ray, Hit best) {
    Hit nearest = best;
    int[] stack = new int[STACK];
    double[] entered = new double[STACK];
    int depth = 0;
    if (nodes > 0) {
      entered[depth++] = ray.enters(bounds, 0, nearest.t());
    }
    while (depth > 0) {
      int node = stack[--depth];
      if (!(entered[depth] < nearest.t())) {
        continue;
      }
      int child = children[node];
      if (child < 0) {
        SceneObject object = objects[-1 - child];
        double t = object.intersect(ray, nearest.t());
        nearest = t < nearest.t() ? new Hit(t, object) : nearest;
        continue;
      }
      double left = ray.enters(bounds, BOX * child, nearest.t());
      double right = ray.enters(bounds, BOX * (child + 1), nearest.t());
      int nearer = left <= right ? 0 : 1;
      entered[depth] = Math.max(left, right);
      stack[depth] = child + 1 - nearer;
      depth += entered[depth] < nearest.t() ? 1 : 0;
      entered[depth] = Math.min(left, right);
      stack[depth] = child + nearer;
      depth += entered[depth] < nearest.t() ? 1 : 0;
    }
    return nearest;
  }

  /** The solid with the least signed distance at a point, if less than {@code best}'s. */
  Nearest nearest(double[] point, Nearest best) {
    Nearest nearest = best;
    int[] stack = new int[STACK];
    int depth = 0;
    if (nodes > 0) {
      stack[depth++] = 0;
    }
    while (depth > 0) {
      int node = stack[--depth];
      // A box that holds the point may hold solids that do so too, deeper: never skipped.
      if (distanceToBox(node, point) > Math.max(nearest.distance(), 0)) {
        continue;
      }
      int child = children[node];
      if (child < 0) {
        SceneObject object = objects[-1 - child];
        double distance = object.distance(point[0], point[1], point[2]);
        nearest = distance < nearest.distance() ? new Nearest(distance, object) : nearest;
        continue;
      }
      boolean leftFirst = distanceToBox(child, point) <= distanceToBox(child + 1, point);
      stack[depth++] = leftFirst ? child + 1 : child;
      stack[depth++] = leftFirst ? child : child + 1;
    }
    return nearest;
  }

  private double distanceToBox(int node, double[] point) {
    double sum = 0;
    for (int a = 0; a < 3; a++) {
      double below = bounds[BOX * node + a] - point[a];
      double above = point[a] - bounds[BOX * node + 3 + a];
      double outside = Math.max(0, Math.max(below, above));
      sum += outside * outside;
    }
    return Math.sqrt(sum);
  }

  /** Where a ray meets the scene: distance along it in metres, infinity and null for nowhere. */
  record Hit(double t, SceneObject object) {}

  /** Signed distance in metres, and to whom. */
  record Nearest(double distance, SceneObject object) {}
}
