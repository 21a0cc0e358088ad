package io.roomfield.rooms;

import io.roomfield.geometry.SE3;
import java.util.List;

/**
 * The space a piece takes: a rectangle of the plan, turned by a yaw, between two heights; metres
 * and radians.
 *
 * @param x middle of the rectangle
 * @param halfWidth along the rectangle's own x
 * @param halfDepth along its own y
 */
record PlanBox(
    double x, double y, double yaw, double halfWidth, double halfDepth, double bottom, double top) {

  /** The space that parts take which were built in a frame of their own. */
  static PlanBox of(List<SceneObject> parts) {
    double[] box = parts.get(0).worldBounds();
    for (SceneObject part : parts) {
      double[] b = part.worldBounds();
      for (int a = 0; a < 3; a++) {
        box[a] = Math.min(box[a], b[a]);
        box[a + 3] = Math.max(box[a + 3], b[a + 3]);
      }
    }
    return new PlanBox(
        (box[0] + box[3]) / 2,
        (box[1] + box[4]) / 2,
        0,
        (box[3] - box[0]) / 2,
        (box[4] - box[1]) / 2,
        box[2],
        box[5]);
  }

  /** Moved along, turned about the vertical and lifted; not tilted. */
  PlanBox moved(SE3 pose) {
    double[] centre = pose.apply(x, y, 0);
    double turn = Math.atan2(pose.r10(), pose.r00());
    double lift = pose.tz();
    return new PlanBox(
        centre[0], centre[1], yaw + turn, halfWidth, halfDepth, bottom + lift, top + lift);
  }

  PlanBox grownBy(double metres) {
    return new PlanBox(x, y, yaw, halfWidth + metres, halfDepth + metres, bottom, top);
  }

  /** Whether two spaces have more than a face in common (separating axes). */
  boolean overlaps(PlanBox other) {
    return bottom < other.top
        && other.bottom < top
        && overlapsAlong(yaw, other)
        && overlapsAlong(yaw + Math.PI / 2, other)
        && overlapsAlong(other.yaw, other)
        && overlapsAlong(other.yaw + Math.PI / 2, other);
  }

  private boolean overlapsAlong(double axis, PlanBox other) {
    double between = Math.cos(axis) * (other.x - x) + Math.sin(axis) * (other.y - y);
    return Math.abs(between) < reach(axis) + other.reach(axis);
  }

  private double reach(double axis) {
    return halfWidth * Math.abs(Math.cos(axis - yaw)) + halfDepth * Math.abs(Math.sin(axis - yaw));
  }

  /** Whether a point of the plan lies in the rectangle. */
  boolean covers(double px, double py) {
    double along = Math.cos(yaw) * (px - x) + Math.sin(yaw) * (py - y);
    double across = -Math.sin(yaw) * (px - x) + Math.cos(yaw) * (py - y);
    return Math.abs(along) <= halfWidth && Math.abs(across) <= halfDepth;
  }

  /** A point of the plan from shares of the half edges, -1 to 1. */
  double[] at(double shareOfWidth, double shareOfDepth) {
    double along = shareOfWidth * halfWidth;
    double across = shareOfDepth * halfDepth;
    return new double[] {
      x + Math.cos(yaw) * along - Math.sin(yaw) * across,
      y + Math.sin(yaw) * along + Math.cos(yaw) * across
    };
  }

  /** The corners in the plan. */
  double[][] corners() {
    return new double[][] {at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)};
  }

  double area() {
    return 4 * halfWidth * halfDepth;
  }
}
