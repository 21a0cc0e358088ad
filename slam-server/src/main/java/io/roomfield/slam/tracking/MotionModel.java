package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;

/** Constant velocity: {@code T_t = T_{t-1} T_{t-2}^{-1} T_{t-1}} (algorithm, section 4). */
public final class MotionModel {
  private SE3 last;
  private SE3 beforeLast;

  /**
   * @param initial the first frame's pose
   */
  public MotionModel(SE3 initial) {
    last = initial;
    beforeLast = initial;
  }

  /**
   * Where the next frame is expected. Normalised: predictions of predictions, as while the camera
   * is lost, would cube the rotation's rounding error every frame.
   */
  public SE3 predict() {
    return last.times(beforeLast.inverse()).times(last).normalised();
  }

  /** Learns of a tracked pose. */
  public void observe(SE3 worldFromCamera) {
    beforeLast = last;
    last = worldFromCamera;
  }

  /** Follows the map when it moves. */
  public void moved(SE3 newFromOld) {
    last = newFromOld.times(last).normalised();
    beforeLast = newFromOld.times(beforeLast).normalised();
  }

  /** Stands still from here on: after a lost frame a velocity would only carry the camera away. */
  public void stop() {
    beforeLast = last;
  }
}
