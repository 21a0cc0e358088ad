package io.roomfield.slam.mapping;

import io.roomfield.slam.fusion.DepthNoise;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.SplittableRandom;

/**
 * What a reading says of the space along its ray: free up to it, occupied right behind it (as the
 * free-space and near-surface terms of Ortiz et al., <em>iSDF</em>, RSS 2022, section III-C; here
 * for occupancies). The rendering loss alone leaves fog: it asks for the right mean depth only.
 */
final class SpaceTargets {
  /** Points a ray before the reading and behind it. */
  private static final int IN_FRONT = 2;

  private static final int BEHIND = 1;

  /** No point is nearer to the reading than so many of its standard deviations, */
  private static final double MARGIN_SIGMAS = 2;

  /** and than this, metres. */
  private static final double LEAST_MARGIN = 0.02;

  /** Things are taken to be at least this thick beyond the margin, metres. */
  private static final double THICKNESS = 0.12;

  private final OccupancyTargets targets;
  private final float weight;

  /**
   * @param rays at most in a batch
   * @param weight of a point's cross-entropy, metres a nat
   */
  SpaceTargets(int rays, double weight) {
    targets = new OccupancyTargets(rays * (IN_FRONT + BEHIND));
    this.weight = (float) weight;
  }

  /** Points along the rays that have a reading; reused by the next call. */
  OccupancyTargets draw(RayBatch rays, SplittableRandom random) {
    targets.count = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      double depth = rays.depth[ray];
      if (depth > 0) {
        double margin = Math.max(LEAST_MARGIN, MARGIN_SIGMAS * DepthNoise.sigma(depth));
        for (int i = 0; i < IN_FRONT; i++) {
          double z = Math.max(0, depth - margin) * random.nextDouble();
          targets.append(rays.point(ray, z), 0f, weight);
        }
        for (int i = 0; i < BEHIND; i++) {
          double z = depth + margin + THICKNESS * random.nextDouble();
          targets.append(rays.point(ray, z), 1f, weight);
        }
      }
    }
    return targets;
  }
}
