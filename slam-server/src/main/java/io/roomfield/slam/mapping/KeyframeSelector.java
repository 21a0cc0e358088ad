package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.MappingConfig.KeyframeChoice;
import io.roomfield.slam.render.FramePixels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the other keyframes of a round at random: from all, or from those that overlap the current
 * view (algorithm, section 3). For these 100 random pixels are back-projected at 16 depths in [0.8
 * D, D + 0.5 m]; a keyframe's score is the share of these points that falls inside its image;
 * keyframes are drawn at random among scores above 0.
 */
final class KeyframeSelector {
  private static final int PIXELS = 100;
  private static final int DEPTHS = 16;
  private static final double NEAR_FACTOR = 0.8;
  private static final double BEHIND_METRES = 0.5;
  private static final int MARGIN_PIXELS = 20;
  private static final int MAX_TRIES = 20;

  private final PinholeCamera camera;
  private final KeyframeChoice choice;

  KeyframeSelector(PinholeCamera camera, KeyframeChoice choice) {
    this.camera = camera;
    this.choice = choice;
  }

  /**
   * Draws at most {@code count} keyframes.
   *
   * @param candidates in any order
   */
  List<Keyframe> select(
      FramePixels frame,
      SE3 worldFromCamera,
      List<Keyframe> candidates,
      int count,
      SplittableRandom random) {
    List<Keyframe> drawn = new ArrayList<>(candidates);
    if (choice == KeyframeChoice.OVERLAPPING) {
      List<double[]> points = points(frame, worldFromCamera, random);
      drawn.removeIf(keyframe -> score(keyframe, points) == 0);
    }
    while (drawn.size() > Math.max(0, count)) {
      drawn.remove(random.nextInt(drawn.size()));
    }
    return drawn;
  }

  private List<double[]> points(FramePixels frame, SE3 pose, SplittableRandom random) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < PIXELS; i++) {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        int u = random.nextInt(camera.width());
        int v = random.nextInt(camera.height());
        double depth = frame.depthMetres()[v * camera.width() + u];
        if (depth > 0) {
          for (int k = 0; k < DEPTHS; k++) {
            double from = NEAR_FACTOR * depth;
            double z = from + (depth + BEHIND_METRES - from) * k / (DEPTHS - 1);
            points.add(
                pose.apply(
                    z * (u - camera.cx()) / camera.fx(), z * (v - camera.cy()) / camera.fy(), z));
          }
          break;
        }
      }
    }
    return points;
  }

  /** Share of the points inside the keyframe's image. */
  double score(Keyframe keyframe, List<double[]> points) {
    SE3 cameraFromWorld = keyframe.worldFromCamera().inverse();
    int inside = 0;
    for (double[] point : points) {
      double[] p = cameraFromWorld.apply(point[0], point[1], point[2]);
      double u = camera.fx() * p[0] / p[2] + camera.cx();
      double v = camera.fy() * p[1] / p[2] + camera.cy();
      if (p[2] > 0
          && u >= MARGIN_PIXELS
          && v >= MARGIN_PIXELS
          && u < camera.width() - MARGIN_PIXELS
          && v < camera.height() - MARGIN_PIXELS) {
        inside++;
      }
    }
    return points.isEmpty() ? 0 : (double) inside / points.size();
  }
}
