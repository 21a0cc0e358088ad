package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EpisodeTest {
  private static final double FINE_VOXEL = 0.16;
  private static final TrainingWalk WALK = EmptyRoom.walk(6);
  private static final ComputeBackend BACKEND = ComputeBackends.open("vector", 1);

  /** Depth is kept in steps of 0.1 mm. */
  private static final Offset<Double> SURFACE = Offset.offset(1e-4);

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  private static Episode whole(long seed) {
    return Episode.whole(WALK, FINE_VOXEL, BACKEND, new SplittableRandom(seed));
  }

  /** The first episode by seed whose sensor does, or does not, read exactly. */
  private static Episode withFirstView(boolean exact) {
    for (long seed = 0; ; seed++) {
      Episode episode = whole(seed);
      episode.addView();
      Episode.View view = episode.mapped().getFirst();
      if (view.sensed().depthMetres() == view.exact().depthMetres() == exact) {
        return episode;
      }
    }
  }

  @Test
  void exactDepthsEndOnSurfaces() {
    Episode episode = whole(1);
    episode.addView();
    for (Episode.View view : new Episode.View[] {episode.mapped().getFirst(), episode.heldOut()}) {
      float[] depth = view.exact().depthMetres();
      for (int pixel = 0; pixel < depth.length; pixel += 97) {
        assertThat(depth[pixel]).isPositive();
        assertThat(episode.trueDistance(view.point(pixel, depth[pixel]))).isCloseTo(0, SURFACE);
        assertThat(episode.trueDistance(view.point(pixel, 0.5 * depth[pixel]))).isPositive();
        assertThat(episode.trueDistance(view.point(pixel, depth[pixel] + 0.02))).isNegative();
      }
    }
  }

  @Test
  void trueDepthIsTheViewsExactDepth() {
    Episode episode = whole(2);
    episode.addView();
    Episode.View view = episode.mapped().getFirst();
    float[] depth = episode.trueDepth(TrainingWalk.CAMERA, view.worldFromCamera());
    int different = 0;
    for (int pixel = 0; pixel < depth.length; pixel++) {
      different += Math.abs(depth[pixel] - view.exact().depthMetres()[pixel]) > 1e-4 ? 1 : 0;
    }
    assertThat(different).isZero();
  }

  @Test
  void evenViewsAreMappedAndTheNextOnesHeldOut() {
    Episode episode = whole(3);
    for (int pair = 0; pair < 3; pair++) {
      assertThat(episode.isOver()).isFalse();
      assertThat(episode.addView()).as("changed blocks").isNotEmpty();
      assertThat(episode.mapped()).hasSize(pair + 1);
      SE3 mapped = episode.mapped().getLast().worldFromCamera();
      SE3 step = mapped.inverse().times(episode.heldOut().worldFromCamera());
      SE3 inRoom =
          WALK.worldFromCamera()
              .get(2 * pair)
              .inverse()
              .times(WALK.worldFromCamera().get(2 * pair + 1));
      SE3 difference = inRoom.inverse().times(step);
      assertThat(difference.translationNorm()).isCloseTo(0, Offset.offset(1e-9));
      assertThat(step.translationNorm()).isGreaterThan(0.05);
    }
    assertThat(episode.isOver()).isTrue();
  }

  @Test
  void aStretchIsAPartOfTheWalk() {
    Set<String> stretches = new HashSet<>();
    for (long seed = 0; seed < 30; seed++) {
      Episode episode = Episode.stretch(WALK, FINE_VOXEL, BACKEND, new SplittableRandom(seed));
      episode.addView();
      float[] first = episode.mapped().getFirst().exact().depthMetres();
      List<float[]> depths = WALK.depths().stream().map(PackedDepth::metres).toList();
      int start = 0;
      while (!Arrays.equals(depths.get(start), first)) {
        start++;
      }
      assertThat(start).isIn(0, 2, 4);
      assertThat(episode.heldOut().exact().depthMetres()).isEqualTo(depths.get(start + 1));
      stretches.add(start + (episode.isOver() ? " over" : " goes on"));
    }
    assertThat(stretches)
        .containsExactlyInAnyOrder("0 over", "0 goes on", "2 over", "2 goes on", "4 over");
  }

  @Test
  void theWorldAndTheNoiseFollowFromTheSeed() {
    Episode one = withFirstView(false);
    Episode again = withFirstView(false);
    Episode.View view = one.mapped().getFirst();
    assertThat(again.mapped().getFirst().worldFromCamera()).isEqualTo(view.worldFromCamera());
    assertThat(again.mapped().getFirst().sensed().depthMetres())
        .isEqualTo(view.sensed().depthMetres());
    assertThat(view.sensed().depthMetres()).isNotEqualTo(view.exact().depthMetres());
    assertThat(withFirstView(true).mapped().getFirst().worldFromCamera())
        .isNotEqualTo(view.worldFromCamera());
  }

  @Test
  void knowsWhatItsViewsSaw() {
    Episode episode = withFirstView(true);
    Episode.View view = episode.mapped().getFirst();
    int centre = 120 * 320 + 160;
    double z = view.exact().depthMetres()[centre];
    assertThat(episode.isSeen(view.point(centre, z))).isTrue();
    assertThat(episode.isSeenFree(view.point(centre, z))).isFalse();
    assertThat(episode.isSeenFree(view.point(centre, z / 2))).isTrue();
    assertThat(episode.isSeen(view.point(centre, z + 1))).as("behind it").isFalse();
    assertThat(episode.isSeen(view.point(centre, -0.5))).as("behind the camera").isFalse();
  }

  @Test
  void drawsRaysOfWhatWasSensedAndOfWhatIs() {
    Episode episode = withFirstView(false);
    Episode.View view = episode.heldOut();
    RayBatch rays = new RayBatch(200);
    view.drawSensed(rays, new SplittableRandom(4));
    assertThat(rays.count).isEqualTo(200);
    assertDepths(rays, view, view.sensed().depthMetres());
    assertThat(rays.frameMaxDepth[0]).isEqualTo(view.sensed().maxDepthMetres());
    view.drawExact(episode::isSeen, rays, new SplittableRandom(4));
    assertDepths(rays, view, view.exact().depthMetres());
    for (int ray = 0; ray < rays.count; ray++) {
      assertThat(episode.isSeen(view.point(pixel(rays, ray), rays.depth[ray]))).isTrue();
    }
    view.drawExact(point -> false, rays, new SplittableRandom(4));
    assertThat(rays.count).isZero();
  }

  private static int pixel(RayBatch rays, int ray) {
    double x = rays.directionX[ray] * TrainingWalk.CAMERA.fx() + TrainingWalk.CAMERA.cx();
    double y = rays.directionY[ray] * TrainingWalk.CAMERA.fy() + TrainingWalk.CAMERA.cy();
    return Math.toIntExact(Math.round(y) * TrainingWalk.CAMERA.width() + Math.round(x));
  }

  private static void assertDepths(RayBatch rays, Episode.View view, float[] depth) {
    assertThat(rays.poses).containsExactly(view.worldFromCamera());
    for (int ray = 0; ray < rays.count; ray++) {
      assertThat(rays.depth[ray]).isPositive().isEqualTo(depth[pixel(rays, ray)]);
    }
  }
}
