package io.roomfield.slam.render;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;

/**
 * A batch of pixels as rays: {@code r(z) = o + z d}, where {@code o} and the rotation come from one
 * of the batch's poses and {@code d = R (directionX, directionY, 1)}, so that {@code z} is depth
 * along the optical axis (algorithm, section 2). Reused between iterations; only the first {@link
 * #count} entries count.
 */
public final class RayBatch {
  private final int capacity;

  /** Rays in use, 0 to capacity. */
  public int count;

  /** {@code (u - cx) / fx} and {@code (v - cy) / fy}. */
  public final float[] directionX;

  public final float[] directionY;

  /** Sensor depth in metres; 0 for none. */
  public final float[] depth;

  /** Sensor colour {@code [capacity, 3]}, 0..1. */
  public final float[] colour;

  /** Index into {@link #poses}. */
  public final int[] pose;

  /** {@code worldFromCamera} of each frame that the rays come from. */
  public SE3[] poses = {SE3.IDENTITY};

  /** Per pose: the largest valid depth of its frame in metres, > 0. */
  public float[] frameMaxDepth = {1f};

  /** Seeds the samples' jitter, where the settings ask for it. */
  public long seed;

  public RayBatch(int capacity) {
    this.capacity = capacity;
    directionX = new float[capacity];
    directionY = new float[capacity];
    depth = new float[capacity];
    colour = new float[3 * capacity];
    pose = new int[capacity];
  }

  public int capacity() {
    return capacity;
  }

  /**
   * Appends the ray of a pixel, without colour; its number.
   *
   * @param depthMetres of the sensor, 0 for none
   * @param poseNumber index into {@link #poses}
   */
  public int append(PinholeCamera camera, int x, int y, float depthMetres, int poseNumber) {
    int ray = count++;
    directionX[ray] = (float) ((x - camera.cx()) / camera.fx());
    directionY[ray] = (float) ((y - camera.cy()) / camera.fy());
    depth[ray] = depthMetres;
    pose[ray] = poseNumber;
    return ray;
  }

  /** The world point {@code [3]} of a ray at depth {@code z} metres. */
  public double[] point(int ray, double z) {
    return poses[pose[ray]].apply(directionX[ray] * z, directionY[ray] * z, z);
  }

  /** Writes a ray's point at depth {@code z} metres as number {@code at} of {@code [count, 3]}. */
  public void putPoint(int ray, double z, float[] points, int at) {
    double[] point = point(ray, z);
    for (int axis = 0; axis < 3; axis++) {
      points[3 * at + axis] = (float) point[axis];
    }
  }

  /** Keeps only the marked rays, in their order. */
  public void retain(boolean[] marked) {
    int kept = 0;
    for (int ray = 0; ray < count; ray++) {
      if (marked[ray]) {
        directionX[kept] = directionX[ray];
        directionY[kept] = directionY[ray];
        depth[kept] = depth[ray];
        System.arraycopy(colour, 3 * ray, colour, 3 * kept, 3);
        pose[kept] = pose[ray];
        kept++;
      }
    }
    count = kept;
  }
}
