package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OccupancySamplerTest {
  private static final int RAYS = 300;
  private static final float WEIGHT = 0.25f;

  private static Episode episode;
  private final RayBatch rays = new RayBatch(RAYS);
  private final OccupancyTargets targets = new OccupancyTargets(RAYS * OccupancySampler.PER_RAY);

  @BeforeAll
  static void map() {
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      episode = Episode.whole(EmptyRoom.walk(2), 0.16, backend, new SplittableRandom(5));
      episode.addView();
    }
  }

  @AfterAll
  static void forget() {
    episode = null;
  }

  private void sample(RayBatch from) {
    OccupancySampler.sample(episode, from, WEIGHT, new SplittableRandom(6), targets);
    assertThat(targets.count).isEqualTo(from.count * OccupancySampler.PER_RAY);
  }

  private double[] point(int at) {
    double[] p = new double[3];
    Arrays.setAll(p, k -> targets.points[3 * at + k]);
    return p;
  }

  /** Metres along the optical axis behind the end of the point's ray. */
  private double behind(int at) {
    double[] p = point(at);
    SE3 cameraFromWorld = rays.poses[0].inverse();
    double z = cameraFromWorld.apply(p[0], p[1], p[2])[2];
    return z - rays.depth[at / OccupancySampler.PER_RAY];
  }

  @Test
  void labelsAreTheTruthOfTheRoom() {
    episode.heldOut().drawExact(p -> true, rays, new SplittableRandom(7));
    sample(rays);
    int[] counts = new int[3];
    for (int at = 0; at < targets.count; at++) {
      double behind = behind(at);
      double distance = episode.trueDistance(point(at));
      boolean rounding = Math.abs(Math.abs(behind) - 0.002) < 1e-5;
      if (!rounding) {
        assertThat(targets.weight[at])
            .as("%f m behind", behind)
            .isEqualTo(Math.abs(behind) < 0.002 ? 0f : WEIGHT);
      }
      if (targets.weight[at] > 0 && Math.abs(behind + 0.06) > 1e-5) {
        boolean isFree = behind < 0;
        assertThat(distance > 0)
            .as("%f m behind, %f m from surfaces", behind, distance)
            .isEqualTo(isFree);
        float free = behind < -0.06 ? OccupancySampler.CLEAR : OccupancySampler.FREE;
        assertThat(targets.target[at]).isEqualTo(isFree ? free : OccupancySampler.OCCUPIED);
        counts[behind < -0.06 ? 0 : isFree ? 1 : 2]++;
      }
      assertThat(behind).isLessThan(0.12 + 1e-5);
    }
    // Of nine points two lie anywhere before the surface, about two near before it, five behind.
    assertThat(counts[0]).isGreaterThan(RAYS);
    assertThat(counts[1]).isGreaterThan(RAYS);
    assertThat(counts[2]).isGreaterThan(4 * RAYS);
  }

  /** As behind a board of no thickness, which space is free on both sides of. */
  @Test
  void freeSpaceBehindASurfaceIsFreeOnlyWhereItWasSeen() {
    episode.mapped().getFirst().drawExact(p -> true, rays, new SplittableRandom(8));
    for (int ray = 0; ray < rays.count; ray++) {
      rays.depth[ray] *= 0.5f;
    }
    sample(rays);
    int seen = 0;
    int occupied = 0;
    for (int at = 0; at < targets.count; at++) {
      if (behind(at) > 0.003) {
        boolean free = episode.isSeenFree(point(at));
        assertThat(targets.target[at])
            .isEqualTo(free ? OccupancySampler.FREE : OccupancySampler.OCCUPIED);
        seen += free ? 1 : 0;
      }
    }
    assertThat(seen).isGreaterThan(RAYS);
    // Nobody looked to where the camera's own back is.
    SE3 turned = rays.poses[0].times(SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0));
    rays.poses = new SE3[] {turned};
    Arrays.fill(rays.depth, 0.2f);
    sample(rays);
    for (int at = 0; at < targets.count; at++) {
      boolean behind = behind(at) > 0.003;
      if (behind) {
        assertThat(targets.target[at]).isEqualTo(OccupancySampler.OCCUPIED);
        occupied++;
      }
    }
    assertThat(occupied).isGreaterThan(RAYS);
  }
}
