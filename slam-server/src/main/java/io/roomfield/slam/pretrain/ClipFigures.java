package io.roomfield.slam.pretrain;

import java.util.Map;

/**
 * What the bench measured on a clip.
 *
 * @param iterations by the number of iterations
 * @param tracking by the disturbance's label
 * @param fused what fused depth says at the same pixels without any map
 */
record ClipFigures(
    Map<Integer, AtCount> iterations,
    Map<String, TrackingBasin.Figures> tracking,
    FusedBaseline.OfClip fused) {
  /**
   * One map.
   *
   * @param startMillis until the first iteration: allocating the keyframes' blocks, and fusing and
   *     encoding their depth where the start does so
   * @param iterationMillis the median iteration; 0 where there was none
   * @param keyframes at pixels of the frames that were mapped
   * @param between at pixels of the frames held out
   */
  record AtCount(
      double startMillis,
      double iterationMillis,
      SurfaceMeasures.Figures keyframes,
      SurfaceMeasures.Figures between) {}
}
