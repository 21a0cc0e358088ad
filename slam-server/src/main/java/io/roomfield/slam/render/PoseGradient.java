package io.roomfield.slam.render;

import java.util.Arrays;

/**
 * Gradient of a batch's loss with respect to the poses, per ray: {@code [rays, 6]}, translation
 * first, for the perturbation {@link io.roomfield.geometry.SE3#perturbed}: {@code dL/dv = sum_i
 * dL/dp_i}, {@code dL/dw = sum_i (p_i - t) x dL/dp_i} over a ray's samples {@code p_i}, with the
 * sample depths held fixed. Rays that the objective leaves out have zeros.
 */
public final class PoseGradient {
  private final float[] perRay;

  public PoseGradient(int capacity) {
    perRay = new float[6 * capacity];
  }

  /** {@code [capacity, 6]}; not a copy. */
  public float[] perRay() {
    return perRay;
  }

  public int capacity() {
    return perRay.length / 6;
  }

  /** Sum over the batch's rays of one pose. */
  public double[] sum(RayBatch rays, int pose) {
    double[] sum = new double[6];
    for (int ray = 0; ray < rays.count; ray++) {
      if (rays.pose[ray] == pose) {
        for (int k = 0; k < 6; k++) {
          sum[k] += perRay[6 * ray + k];
        }
      }
    }
    return sum;
  }

  public void clear() {
    Arrays.fill(perRay, 0f);
  }
}
