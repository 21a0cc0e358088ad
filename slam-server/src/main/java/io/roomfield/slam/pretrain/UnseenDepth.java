package io.roomfield.slam.pretrain;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures what the coarse level says of space that no view saw: the depth of rays that end on
 * unseen surface, against the truth, and two guesses that need no network.
 */
final class UnseenDepth {
  /**
   * Mean errors in centimetres.
   *
   * @param coarseCm of the depth rendered from the coarse level
   * @param farPlaneCm of the guess that there is no surface before the far plane
   * @param nearestSeenCm of the guess that the surface is as far as the seen one nearest in angle
   * @param rays that ended on unseen surface
   */
  record Figures(double coarseCm, double farPlaneCm, double nearestSeenCm, int rays) {
    /** Over several episodes' rays. */
    static Figures mean(List<Figures> all) {
      double[] sums = new double[3];
      int rays = 0;
      for (Figures f : all) {
        sums[0] += f.rays == 0 ? 0 : f.rays * f.coarseCm;
        sums[1] += f.rays == 0 ? 0 : f.rays * f.farPlaneCm;
        sums[2] += f.rays == 0 ? 0 : f.rays * f.nearestSeenCm;
        rays += f.rays;
      }
      return new Figures(sums[0] / rays, sums[1] / rays, sums[2] / rays, rays);
    }
  }

  private static final double CENTIMETRES = 100;

  /** Truncations from a surface within which a voxel is called its. */
  private static final float AT_SURFACE = 0.3f;

  /** One seen surface voxel in so many is looked at. */
  private static final int VOXEL_STEP = 7;

  private static final RenderSettings SETTINGS = new RenderSettings(64, 0, 0, false, false);

  private final ComputeBackend backend;

  UnseenDepth(ComputeBackend backend) {
    this.backend = backend;
  }

  /** Looks into random directions from where the episode's camera has been. */
  Figures measure(Episode episode, SceneField field, int looks, SplittableRandom random) {
    List<double[]> seen = seenSurface(episode.fused());
    List<Figures> all = new ArrayList<>();
    for (int i = 0; i < looks; i++) {
      all.add(measure(new LookAround(episode, random), field, seen));
    }
    return Figures.mean(all);
  }

  private Figures measure(LookAround around, SceneField field, List<double[]> seen) {
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
    double[] sums = new double[3];
    for (int ray = 0; ray < rays.count; ray++) {
      sums[0] += Math.abs(rendered.depth[ray] - truth[ray]);
      sums[1] += CoarseWorker.FARTHEST - truth[ray];
      sums[2] += Math.abs(nearestInAngle(rays, ray, seen) - truth[ray]);
    }
    double scale = CENTIMETRES / rays.count;
    return new Figures(scale * sums[0], scale * sums[1], scale * sums[2], rays.count);
  }

  private static List<double[]> seenSurface(FusedDepth fused) {
    List<double[]> points = new ArrayList<>();
    int edge = FusedDepth.BLOCK_EDGE;
    int number = 0;
    for (int block = 0; block < fused.blockCount(); block++) {
      for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
        boolean surface =
            fused.weights(block)[i] > 0 && Math.abs(fused.distances(block)[i]) < AT_SURFACE;
        if (surface && number++ % VOXEL_STEP == 0) {
          points.add(
              new double[] {
                (fused.blockX(block) * edge + i % edge) * fused.voxelEdge(),
                (fused.blockY(block) * edge + i / edge % edge) * fused.voxelEdge(),
                (fused.blockZ(block) * edge + i / (edge * edge)) * fused.voxelEdge()
              });
        }
      }
    }
    return points;
  }

  /** Depth of a ray as far from the camera as the seen surface that is nearest in angle. */
  private static double nearestInAngle(RayBatch rays, int ray, List<double[]> seen) {
    SE3 pose = rays.poses[rays.pose[ray]];
    double x = rays.directionX[ray];
    double y = rays.directionY[ray];
    double length = Math.sqrt(1 + x * x + y * y);
    double[] d = pose.rotate(x / length, y / length, 1 / length);
    double best = -1;
    double range = CoarseWorker.FARTHEST;
    for (double[] p : seen) {
      double px = p[0] - pose.tx();
      double py = p[1] - pose.ty();
      double pz = p[2] - pose.tz();
      double distance = Math.sqrt(px * px + py * py + pz * pz);
      double cosine = (px * d[0] + py * d[1] + pz * d[2]) / distance;
      if (cosine > best) {
        best = cosine;
        range = distance;
      }
    }
    return range / length;
  }
}
