package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LookAroundTest {
  /** Pixels of a view's border that voxels are wider than, at the room's distances. */
  private static final int BORDER = 60;

  /** Past about this, a voxel at a surface can have corners deeper than the truncation reaches. */
  private static final double MIN_COSINE = 0.5;

  /** Exact views, so that what one sees is fused where it is. */
  private static Episode episode(ComputeBackend backend) {
    for (long seed = 0; ; seed++) {
      Episode episode = Episode.whole(EmptyRoom.walk(2), 0.16, backend, new SplittableRandom(seed));
      episode.addView();
      Episode.View view = episode.mapped().getFirst();
      if (view.sensed().depthMetres() == view.exact().depthMetres()) {
        return episode;
      }
    }
  }

  @Test
  void raysEndOnSurfacesThatWereSeenOrNot() {
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      Episode episode = episode(backend);
      SplittableRandom random = new SplittableRandom(3);
      int[] counts = new int[2];
      for (int look = 0; look < 8; look++) {
        LookAround around = new LookAround(episode, random);
        RayBatch rays = new RayBatch(LookAround.RAYS);
        around.begin(rays, 6);
        for (int ray = 0; ray < LookAround.RAYS; ray++) {
          around.append(ray, rays);
          count(episode, around, rays, counts);
        }
        assertThat(rays.count).isEqualTo(LookAround.RAYS);
        assertThat(rays.frameMaxDepth).containsExactly(6f);
      }
      assertThat(counts[0]).as("rays within the view").isGreaterThan(100);
      assertThat(counts[1]).as("rays outside it").isGreaterThan(1000);
    }
  }

  private static void count(Episode episode, LookAround around, RayBatch rays, int[] counts) {
    int ray = rays.count - 1;
    float depth = rays.depth[ray];
    assertThat(depth).isPositive().isEqualTo(around.depth(ray));
    double x = rays.directionX[ray] * (double) depth;
    double y = rays.directionY[ray] * (double) depth;
    double[] end = rays.poses[0].apply(x, y, depth);
    // Directions and depths are floats of order 1, the world 9 m wide.
    assertThat(episode.trueDistance(end)).isCloseTo(0, Offset.offset(1e-5));
    assertThat(around.endsUnseen(ray)).isEqualTo(!episode.isSeen(end));
    double inside = pixelsInside(episode.mapped().getFirst().worldFromCamera(), end);
    if (inside > BORDER && incidenceCosine(episode, rays, end) > MIN_COSINE) {
      // The camera has not moved, and the room is convex: nothing hides what it turns to.
      assertThat(around.endsUnseen(ray)).isFalse();
      counts[0]++;
    } else if (inside < -BORDER) {
      assertThat(around.endsUnseen(ray)).isTrue();
      counts[1]++;
    }
  }

  /** Of the angle at which the eye sees the surface at a point. */
  private static double incidenceCosine(Episode episode, RayBatch rays, double[] end) {
    SE3 eye = rays.poses[0];
    double[] out = {eye.tx() - end[0], eye.ty() - end[1], eye.tz() - end[2]};
    double length = Math.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2]);
    double step = 0.01;
    double[] before = new double[3];
    Arrays.setAll(before, k -> end[k] + step * out[k] / length);
    return episode.trueDistance(before) / step;
  }

  /** How far from the image's border a point is seen: negative outside, or behind the camera. */
  private static double pixelsInside(SE3 worldFromCamera, double[] point) {
    PinholeCamera camera = TrainingWalk.CAMERA;
    double[] p = worldFromCamera.inverse().apply(point[0], point[1], point[2]);
    if (p[2] <= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double u = camera.fx() * p[0] / p[2] + camera.cx();
    double v = camera.fy() * p[1] / p[2] + camera.cy();
    return Math.min(Math.min(u, camera.width() - u), Math.min(v, camera.height() - v));
  }
}
