package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.BatchLosses;

/** How a pose moves from one iteration to the next. A new one serves every frame. */
interface PoseStep {
  /**
   * What an iteration found at its pose.
   *
   * @param losses of the batch
   * @param gradient {@code [6]}, summed over rays
   * @param information {@code [6, 6]}, sum over rays of the outer product of their gradients
   */
  record Evaluation(SE3 pose, BatchLosses losses, double[] gradient, double[] information) {}

  /** The pose of the next iteration. */
  SE3 next(Evaluation at);
}
