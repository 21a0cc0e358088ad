package io.roomfield.slam.client.eval;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Frames whose poses were right. Others are judged by the motion from the nearest of them: relative
 * to the map there, so that slow drift is no error, and a place that was taken for another is one.
 */
public final class Anchors {
  private final List<Anchor> anchors = new ArrayList<>();

  /** A frame whose pose was right. */
  private record Anchor(SE3 estimate, SE3 truth) {
    /** How far another view is, a radian counting as a metre. */
    double distance(SE3 other) {
      SE3 motion = truth.inverse().times(other);
      return motion.translationNorm() + motion.rotationAngle();
    }
  }

  /** Takes in a frame: its pose in the map, and its true pose. */
  public void add(SE3 estimate, SE3 truth) {
    anchors.add(new Anchor(estimate, truth));
  }

  /** Whether there is nothing to judge by. */
  public boolean isEmpty() {
    return anchors.isEmpty();
  }

  /**
   * Of the motion from the nearest anchor to a pose in the map; none where there is no anchor yet.
   */
  public PoseError error(SE3 estimate, SE3 truth) {
    return anchors.stream()
        .min(Comparator.comparingDouble(anchor -> anchor.distance(truth)))
        .map(
            anchor -> {
              SE3 estimated = anchor.estimate.inverse().times(estimate);
              SE3 difference = anchor.truth.inverse().times(truth).inverse().times(estimated);
              return new PoseError(difference.translationNorm(), difference.rotationAngle());
            })
        .orElse(new PoseError(0, 0));
  }
}
