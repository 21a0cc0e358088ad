package io.roomfield.slam.mapping;

import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.SplittableRandom;

/**
 * What a reading says of the space along its ray: free up to it, occupied right behind it (as the
 * free-space and near-surface terms of Ortiz et al., <em>iSDF</em>, RSS 2022, section III-C; here
 * for occupancies). The rendering loss alone leaves fog, as it asks for the right mean depth only;
 * and samples that lie half a spacing behind the surface on average pull it half a centimetre
 * forward.
 */
final class SpaceTargets {
  /** Points a ray anywhere before the reading, */
  private static final int IN_FRONT = 2;

  /** close to it on either side, */
  private static final int NEAR = 2;

  /** and behind it. */
  private static final int BEHIND = 1;

  /** How far the close ones are at most, metres: a few standard deviations of a reading. */
  private static final double BAND = 0.05;

  /** Things are taken to be at least this thick, metres. */
  private static final double THICKNESS = 0.15;

  private final OccupancyTargets targets;
  private final float weight;

  /**
   * @param rays at most in a batch
   * @param weight of a point's cross-entropy, metres a nat
   */
  SpaceTargets(int rays, double weight) {
    targets = new OccupancyTargets(rays * (IN_FRONT + 2 * NEAR + BEHIND));
    this.weight = (float) weight;
  }

  /** Points along the rays that have a reading; reused by the next call. */
  OccupancyTargets draw(RayBatch rays, SplittableRandom random) {
    targets.count = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      double depth = rays.depth[ray];
      if (depth > 0) {
        append(IN_FRONT, rays, ray, depth, -depth, random);
        append(NEAR, rays, ray, depth, -Math.min(BAND, depth), random);
        append(NEAR, rays, ray, depth, BAND, random);
        append(BEHIND, rays, ray, depth, THICKNESS, random);
      }
    }
    return targets;
  }

  /** Appends points of a ray between its reading and as far as {@code reach} from it, metres. */
  private void append(
      int count, RayBatch rays, int ray, double depth, double reach, SplittableRandom random) {
    float occupied = reach > 0 ? 1f : 0f;
    for (int i = 0; i < count; i++) {
      double z = depth + reach * random.nextDouble();
      targets.append(rays.point(ray, z), occupied, weight);
    }
  }
}
