package io.roomfield.slam.tracking;

import io.roomfield.geometry.SE3;

/**
 * Constant velocity: {@code T_t = T_{t-1} T_{t-2}^{-1} T_{t-1}} (algorithm, section 4) for frames
 * that come at a steady rate; after a frame that did not come, as much more as time has passed.
 */
public final class MotionModel {
  /** A velocity is believed for so many times as long as it was measured: 0.2 s at 30 frames/s. */
  private static final double MOST_INTERVALS = 6;

  /**
   * A frame that comes so much later comes from a clock that was set, or a camera that was paused:
   * the velocity says nothing about it.
   */
  private static final long LONGEST_GAP_NANOS = 10_000_000_000L;

  private SE3 last;
  private SE3 beforeLast;
  private long lastNanos;
  private long beforeLastNanos;

  /**
   * @param initial the first frame's pose
   */
  public MotionModel(SE3 initial) {
    last = initial;
    beforeLast = initial;
  }

  /**
   * Where the frame of a time is expected. Normalised: predictions of predictions, as while the
   * camera is lost, would cube the rotation's rounding error every frame.
   */
  public SE3 predict(long timestampNanos) {
    double measured = (double) (lastNanos - beforeLastNanos);
    double passed = (double) (timestampNanos - lastNanos);
    if (passed > LONGEST_GAP_NANOS) {
      return last;
    }
    double intervals = measured > 0 ? Math.clamp(passed / measured, 0, MOST_INTERVALS) : 1;
    SE3 motion = beforeLast.inverse().times(last);
    return last.times(SE3.IDENTITY.interpolate(motion, intervals)).normalised();
  }

  /** Learns of a tracked pose. */
  public void observe(SE3 worldFromCamera, long timestampNanos) {
    beforeLast = last;
    beforeLastNanos = lastNanos;
    last = worldFromCamera;
    lastNanos = timestampNanos;
  }

  TrackerState state(boolean lost, SE3 mapFromOdometry) {
    return new TrackerState(last, lastNanos, beforeLast, beforeLastNanos, lost, mapFromOdometry);
  }

  void restore(TrackerState state) {
    last = state.last();
    lastNanos = state.lastNanos();
    beforeLast = state.beforeLast();
    beforeLastNanos = state.beforeLastNanos();
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
