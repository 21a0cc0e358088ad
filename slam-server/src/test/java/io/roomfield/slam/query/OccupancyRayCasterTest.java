package io.roomfield.slam.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticMaps;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.RayBatch;
import org.junit.jupiter.api.Test;

class OccupancyRayCasterTest {
  private static final float STEP = 0.04f;

  /** The root of a distance, which is all but linear over the last step, in float32. */
  private static final double TOLERANCE = 1e-4;

  private final SceneField field = AnalyticMaps.aroundOrigin().field();
  private final RayBatch rays = new RayBatch(2);

  /** Casts along z from {@code fromZ}; a second ray goes off to the side. */
  private void cast(Distance shape, double fromZ, float far) {
    rays.poses = new SE3[] {SE3.fromQuaternion(0, 0, 0, 1, 0, 0, fromZ)};
    rays.count = 2;
    rays.directionX[1] = 2;
    new OccupancyRayCaster(new AnalyticBackend(shape), 2).cast(field, rays, STEP, far);
  }

  @Test
  void theFirstOfTwoSurfacesIsHit() {
    Distance near = Distance.sphere(0, 0, 0, 0.3);
    Distance behind = Distance.sphere(0, 0, 1, 0.3);
    cast(near.or(behind), -1, 4);
    assertThat((double) rays.depth[0]).isCloseTo(0.7, within(TOLERANCE));
    assertThat(rays.depth[1]).isZero();
  }

  @Test
  void aRayThatBeginsInsidePassesIt() {
    Distance around = Distance.sphere(0, 0, 0, 0.3);
    Distance behind = Distance.sphere(0, 0, 1, 0.3);
    cast(around.or(behind), 0, 4);
    assertThat((double) rays.depth[0]).isCloseTo(0.7, within(TOLERANCE));
  }

  @Test
  void nothingBeyondTheFarEndIsHit() {
    cast(Distance.sphere(0, 0, 0, 0.3), -1, 0.69f);
    assertThat(rays.depth).containsOnly(0f);
  }
}
