package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpaceTargetsTest {
  private static final float DEPTH = 2;
  private static final double WEIGHT = 0.05;

  /** The camera looks along the world's z, so that a point's z is its depth. */
  private final RayBatch rays = new RayBatch(3);

  private final SpaceTargets space = new SpaceTargets(3, WEIGHT);

  @Test
  void spaceIsFreeBeforeAReadingAndOccupiedRightBehindIt() {
    rays.poses = new SE3[] {SE3.IDENTITY};
    rays.append(SmallRoom.CAMERA, 10, 10, DEPTH, 0);
    rays.append(SmallRoom.CAMERA, 40, 20, 0, 0); // no reading: nothing is known
    rays.append(SmallRoom.CAMERA, 90, 70, DEPTH, 0);

    OccupancyTargets targets = space.draw(rays, new SplittableRandom(SmallRoom.SEED));

    // For two readings, two before, two close on either side, and one behind.
    assertThat(targets.count).isEqualTo(14);
    int near = 0;
    for (int i = 0; i < targets.count; i++) {
      float z = targets.points[3 * i + 2];
      assertThat(targets.weight[i]).isEqualTo((float) WEIGHT);
      if (targets.target[i] == 0) {
        assertThat(z).isBetween(0f, DEPTH);
      } else {
        assertThat(targets.target[i]).isEqualTo(1);
        assertThat(z).isBetween(DEPTH, DEPTH + 0.151f);
      }
      near += Math.abs(z - DEPTH) < 0.051f ? 1 : 0;
    }
    assertThat(near).isGreaterThanOrEqualTo(8);
  }

  @Test
  void aBatchFollowsThePreviousOne() {
    rays.append(SmallRoom.CAMERA, 10, 10, DEPTH, 0);
    SplittableRandom random = new SplittableRandom(SmallRoom.SEED);
    space.draw(rays, random);
    rays.count = 0;
    assertThat(space.draw(rays, random).count).isZero();
  }
}
