package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.RayBatch;
import java.util.SplittableRandom;

/**
 * Rays from where an episode's camera has been into a random direction, with exact depth: a wide
 * view of which most was never seen.
 */
final class LookAround {
  /** 90 degrees wide. */
  private static final PinholeCamera CAMERA = new PinholeCamera(32, 24, 16, 16, 15.5, 11.5);

  static final int RAYS = CAMERA.width() * CAMERA.height();

  private final Episode episode;
  private final SE3 worldFromCamera;
  private final float[] depth;

  LookAround(Episode episode, SplittableRandom random) {
    this.episode = episode;
    SE3 eye = episode.mapped().get(random.nextInt(episode.mapped().size())).worldFromCamera();
    SE3 turn = Episode.randomRotation(random);
    worldFromCamera = eye.times(turn);
    depth = episode.trueDepth(CAMERA, worldFromCamera);
  }

  /** Whether a ray ends on a surface that the episode's views never saw. */
  boolean endsUnseen(int ray) {
    double[] p = end(ray);
    return depth[ray] > 0 && !episode.isSeen(p);
  }

  /** Exact depth of a ray, 0 where it hits nothing. */
  float depth(int ray) {
    return depth[ray];
  }

  private double[] end(int ray) {
    return worldFromCamera.apply(
        directionX(ray) * depth[ray], directionY(ray) * depth[ray], depth[ray]);
  }

  private static double directionX(int ray) {
    return (ray % CAMERA.width() - CAMERA.cx()) / CAMERA.fx();
  }

  private static double directionY(int ray) {
    int row = ray / CAMERA.width();
    return (row - CAMERA.cy()) / CAMERA.fy();
  }

  /** Starts a batch of this view's rays. */
  void begin(RayBatch rays, float farthest) {
    rays.count = 0;
    rays.poses = new SE3[] {worldFromCamera};
    rays.frameMaxDepth = new float[] {farthest};
  }

  /** Appends a ray with its exact depth. */
  void append(int ray, RayBatch rays) {
    rays.append(CAMERA, ray % CAMERA.width(), ray / CAMERA.width(), depth[ray], 0);
  }
}
