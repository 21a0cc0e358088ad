package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.optim.PoseAdam;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;

/**
 * Local bundle adjustment (NICE-SLAM, section 3.3): in the colour stage the poses of the window
 * move with the map, all but the oldest frame's, which holds the window in place.
 */
final class BundleAdjustment {
  private final SE3[] poses;
  private final PoseAdam[] optimisers;
  private final int fixed;

  /**
   * @param poses of the window; changed in place
   * @param fixed index of the pose that does not move
   * @param rate learning rate, metres and radians a step
   */
  BundleAdjustment(SE3[] poses, int fixed, double rate) {
    this.poses = poses;
    this.fixed = fixed;
    optimisers = new PoseAdam[poses.length];
    for (int i = 0; i < poses.length; i++) {
      optimisers[i] = new PoseAdam(rate, rate);
    }
  }

  /** One step of every pose against its rays' gradient. */
  void step(PoseGradient gradient, RayBatch rays) {
    for (int i = 0; i < poses.length; i++) {
      if (i != fixed) {
        poses[i] = optimisers[i].step(poses[i], gradient.sum(rays, i));
      }
    }
  }
}
