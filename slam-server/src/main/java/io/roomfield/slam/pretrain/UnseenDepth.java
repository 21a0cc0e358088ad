package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.FusedDepthRayCaster;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * Measures what the coarse level says of space that no view saw: the depth of rays that end on
 * unseen surface nearer than {@link CoarseWorker#FARTHEST}, against the exact depth, and three
 * guesses that need no network. All episodes' rays count alike.
 *
 * <p>The far plane is {@code FARTHEST}, although samples go on to {@code FAR_FACTOR} times that: no
 * ray that is asked about is longer, so this is the best of the guesses that nothing is in the way.
 * (The renderer itself has no such answer: what no sample stops adds nothing to {@code D^}, and an
 * empty map renders a depth of 0. The coarse level's depth is taken as rendered.)
 *
 * <p>The nearest seen surface is looked for all around, among what is visible of the fused depth
 * from the same eye: it is cast into every direction, so that a surface hidden behind another does
 * not mislead the guess, and a ray that ends right beside seen surface finds it within half its own
 * width. The guess is as far away as that surface, and at most {@code FARTHEST} deep.
 *
 * <p>The constant is the median of the exact depths: no other one number does better, and no one
 * could know it before.
 */
final class UnseenDepth {
  /**
   * @param coarse of the depth rendered from the coarse level
   * @param farPlane of the guess that there is no surface before the far plane
   * @param nearestSeen of the guess that the surface is as far as the seen one nearest in angle
   * @param constant of the best guess that is the same for every ray
   * @param rays that ended on unseen surface
   */
  record Figures(
      DepthError coarse,
      DepthError farPlane,
      DepthError nearestSeen,
      DepthError constant,
      int rays) {}

  private static final RenderSettings SETTINGS = new RenderSettings(64, 0, 0, false, false);

  private final ComputeBackend backend;
  private final DoubleStream.Builder exact = DoubleStream.builder();
  private final DoubleStream.Builder coarse = DoubleStream.builder();
  private final DoubleStream.Builder farPlane = DoubleStream.builder();
  private final DoubleStream.Builder nearestSeen = DoubleStream.builder();

  UnseenDepth(ComputeBackend backend) {
    this.backend = backend;
  }

  /** Looks into random directions from where the episode's camera has been. */
  void add(Episode episode, SceneField field, int looks, SplittableRandom random) {
    FusedDepthRayCaster seen = new FusedDepthRayCaster(episode.fused());
    for (int i = 0; i < looks; i++) {
      add(new LookAround(episode, random), field, seen);
    }
  }

  /** Over the rays of everything added; ends the adding. */
  Figures figures() {
    double[] depths = exact.build().toArray();
    double middle = Median.of(depths);
    return new Figures(
        DepthError.of(coarse.build().toArray()),
        DepthError.of(farPlane.build().toArray()),
        DepthError.of(nearestSeen.build().toArray()),
        DepthError.of(Arrays.stream(depths).map(depth -> middle - depth).toArray()),
        depths.length);
  }

  private void add(LookAround around, SceneField field, FusedDepthRayCaster seen) {
    RayBatch rays = new RayBatch(LookAround.RAYS);
    around.begin(rays, CoarseWorker.FARTHEST);
    for (int ray = 0; ray < LookAround.RAYS; ray++) {
      if (around.depth(ray) < CoarseWorker.FARTHEST && around.endsUnseen(ray)) {
        around.append(ray, rays);
      }
    }
    float[] truth = rays.depth.clone();
    // The renderer must not know: without a reading, samples go to the far plane.
    Arrays.fill(rays.depth, 0f);
    RenderedRays rendered = new RenderedRays(rays.count);
    backend.render(field, FieldStage.COARSE, rays, SETTINGS, rendered);
    SeenPanorama panorama = SeenPanorama.of(seen, rays.poses[0]);
    for (int ray = 0; ray < rays.count; ray++) {
      exact.add(truth[ray]);
      coarse.add(rendered.depth[ray] - truth[ray]);
      farPlane.add(CoarseWorker.FARTHEST - truth[ray]);
      double nearest = panorama.nearestDepth(rays.directionX[ray], rays.directionY[ray]);
      nearestSeen.add(Math.min(CoarseWorker.FARTHEST, nearest) - truth[ray]);
    }
  }
}
