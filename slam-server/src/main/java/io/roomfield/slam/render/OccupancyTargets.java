package io.roomfield.slam.render;

/**
 * A batch of points of known occupancy, for pretraining (algorithm, section 6). Reused between
 * iterations; only the first {@link #count} entries count.
 */
public final class OccupancyTargets {
  /** Points in use, 0 to capacity. */
  public int count;

  /** {@code [capacity, 3]} world metres. */
  public final float[] points;

  /** Occupancy, 0 (free) to 1 (occupied). */
  public final float[] target;

  /** Weight of the point's term in the loss, >= 0. */
  public final float[] weight;

  public OccupancyTargets(int capacity) {
    points = new float[3 * capacity];
    target = new float[capacity];
    weight = new float[capacity];
  }

  /** Appends a point {@code [3]} in world metres. */
  public void append(double[] at, float occupancy, float pointWeight) {
    int i = count++;
    for (int axis = 0; axis < 3; axis++) {
      points[3 * i + axis] = (float) at[axis];
    }
    target[i] = occupancy;
    weight[i] = pointWeight;
  }

  public int capacity() {
    return target.length;
  }
}
