package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.optim.PoseAdam;

/** The published optimiser: Adam on the pose (algorithm, section 4). */
final class AdamPoseStep implements PoseStep {
  private final PoseAdam adam;

  /**
   * @param translationRate metres a step
   * @param rotationRate radians a step
   */
  AdamPoseStep(double translationRate, double rotationRate) {
    adam = new PoseAdam(translationRate, rotationRate);
  }

  @Override
  public SE3 next(Evaluation at) {
    return adam.step(at.pose(), at.gradient());
  }
}
