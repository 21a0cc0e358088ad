package io.roomfield.slam.pretrain;

import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.SplittableRandom;

/**
 * Points with known occupancy along rays of exact depth, for the cross-entropy (NICE-SLAM, section
 * 3.1; labels smoothed as decoders.md, 1 asks). Before the surface space is free; behind it, it is
 * occupied as far as SLAM asks of a surface, even behind thin things that were not seen from the
 * other side; where they were, the room's own distance decides.
 */
final class OccupancySampler {
  /** Labels of free and of occupied space near a surface: 0 and 1 would saturate the sigmoid. */
  static final float FREE = 0.01f;

  static final float OCCUPIED = 0.99f;

  /**
   * Label of free space farther than {@link #CLEAR_METRES} before a surface. A ray takes dozens of
   * samples there, metres before it arrives: a weight of 1 in 10,000 already spreads it by
   * centimetres, and no gradient is wanted where nothing is.
   */
  static final float CLEAR = 0f;

  private static final double CLEAR_METRES = 0.06;

  /** Points per ray: anywhere before the surface, about it, and up to {@link #DEPTH} behind it. */
  private static final int IN_FRONT = 2;

  private static final int ABOUT = 4;
  private static final int BEHIND = 3;
  static final int PER_RAY = IN_FRONT + ABOUT + BEHIND;

  /** How far behind the surface is occupied, in metres: 10 cm, and a little for the grid. */
  private static final double DEPTH = 0.12;

  private static final double NEAR_STDDEV = 0.03;

  /** Nearer to the surface than this, a point has no label. */
  private static final double NO_LABEL = 0.002;

  private OccupancySampler() {}

  /**
   * Fills {@code targets} with {@link #PER_RAY} points a ray.
   *
   * @param weight of a point
   */
  static void sample(
      Episode episode,
      RayBatch rays,
      float weight,
      SplittableRandom random,
      OccupancyTargets targets) {
    targets.count = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      double d = rays.depth[ray];
      for (int i = 0; i < PER_RAY; i++) {
        double z;
        if (i < IN_FRONT) {
          z = d * random.nextDouble();
        } else if (i < IN_FRONT + ABOUT) {
          z = Math.clamp(d + NEAR_STDDEV * random.nextGaussian(), 0, d + DEPTH);
        } else {
          z = d + DEPTH * random.nextDouble();
        }
        add(episode, rays, ray, z, weight, targets);
      }
    }
  }

  private static void add(
      Episode episode, RayBatch rays, int ray, double z, float weight, OccupancyTargets targets) {
    double[] p = rays.point(ray, z);
    double behind = z - rays.depth[ray];
    boolean labelled = Math.abs(behind) > NO_LABEL;
    boolean occupied = behind > 0;
    if (occupied && episode.trueDistance(p) > NO_LABEL) {
      // Free in truth, behind something thin: says so only where the other side was seen.
      occupied = !episode.isSeenFree(p);
    }
    float label = occupied ? OCCUPIED : behind < -CLEAR_METRES ? CLEAR : FREE;
    targets.append(p, label, labelled ? weight : 0f);
  }
}
