package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RayBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A short run of SLAM with known poses through a training room, under a random rigid transform and
 * with a sensor's noise: its even views are fused one after the other, the odd ones are held out.
 */
final class Episode {
  private static final double MAX_SHIFT_METRES = 5;
  private static final int CORNERS = 8;

  /** Truncations before a surface from which on a point is called free. */
  private static final float SEEN_FREE = 0.5f;

  private final TrainingWalk walk;
  private final SE3 worldFromRoom;
  private final SE3 roomFromWorld;
  private final SensorNoise noise;
  private final DepthFusion fusion;
  private final FusedDepth fused;
  private final int end;
  private final long noiseSeed;
  private final List<View> mapped = new ArrayList<>();
  private int next;

  /**
   * A view in the episode's world.
   *
   * @param sensed depth with noise; what SLAM would be given
   * @param exact depth without; what it should have been
   */
  record View(SE3 worldFromCamera, FramePixels sensed, FramePixels exact) {
    /** Tries a ray, where readings are rare. */
    private static final int MAX_TRIES = 16;

    /** Stands in where a view has no reading. */
    private static final float MIN_FRAME_DEPTH = 0.1f;

    /** Depth jumps if it differs by so much so many pixels away. */
    private static final double EDGE_METRES = 0.1;

    private static final int EDGE_PIXELS = 2;

    /** Chance that a pixel away from edges is kept where edges are to be seen more often. */
    private static final double EVERYWHERE_SHARE = 0.25;

    /** World point of a pixel at a depth in metres. */
    double[] point(int pixel, double z) {
      PinholeCamera camera = TrainingWalk.CAMERA;
      double x = (pixel % camera.width() - camera.cx()) / camera.fx();
      int row = pixel / camera.width();
      double y = (row - camera.cy()) / camera.fy();
      return worldFromCamera.apply(x * z, y * z, z);
    }

    /** Fills a batch with rays that have a reading, and the sensor's readings. */
    void drawSensed(RayBatch rays, SplittableRandom random) {
      draw(sensed, pixel -> true, rays, random);
    }

    /** Fills a batch with rays that end on surface as {@code ends} wants it, and exact depths. */
    void drawExact(Predicate<double[]> ends, RayBatch rays, SplittableRandom random) {
      draw(exact, pixel -> ends.test(end(pixel)), rays, random);
    }

    /**
     * As {@link #drawExact}, a share of the rays from beside depth edges: rims and thin things are
     * few pixels and most of the error.
     */
    void drawWithEdges(Predicate<double[]> ends, RayBatch rays, SplittableRandom random) {
      draw(
          exact,
          pixel ->
              (random.nextDouble() < EVERYWHERE_SHARE || isNearEdge(pixel))
                  && ends.test(end(pixel)),
          rays,
          random);
    }

    private double[] end(int pixel) {
      return point(pixel, exact.depthMetres()[pixel]);
    }

    private void draw(
        FramePixels depth, IntPredicate wanted, RayBatch rays, SplittableRandom random) {
      PinholeCamera camera = TrainingWalk.CAMERA;
      rays.count = 0;
      rays.seed = random.nextLong();
      rays.poses = new SE3[] {worldFromCamera};
      rays.frameMaxDepth = new float[] {Math.max(depth.maxDepthMetres(), MIN_FRAME_DEPTH)};
      int tries = MAX_TRIES * rays.capacity();
      for (int i = 0; i < tries && rays.count < rays.capacity(); i++) {
        int pixel = random.nextInt(depth.depthMetres().length);
        float reading = depth.depthMetres()[pixel];
        if (reading > 0 && wanted.test(pixel)) {
          rays.append(camera, pixel % camera.width(), pixel / camera.width(), reading, 0);
        }
      }
    }

    /** Whether depth jumps within a few pixels to a side. */
    private boolean isNearEdge(int pixel) {
      PinholeCamera camera = TrainingWalk.CAMERA;
      int x = pixel % camera.width();
      int y = pixel / camera.width();
      return jumps(pixel, x - EDGE_PIXELS, y)
          || jumps(pixel, x + EDGE_PIXELS, y)
          || jumps(pixel, x, y - EDGE_PIXELS)
          || jumps(pixel, x, y + EDGE_PIXELS);
    }

    private boolean jumps(int pixel, int x, int y) {
      PinholeCamera camera = TrainingWalk.CAMERA;
      if (x < 0 || y < 0 || x >= camera.width() || y >= camera.height()) {
        return false;
      }
      float[] depth = exact.depthMetres();
      return Math.abs(depth[y * camera.width() + x] - depth[pixel]) > EDGE_METRES;
    }
  }

  /**
   * A stretch of a walk, as long as chance has it.
   *
   * @param fineVoxel voxel edge of the fine grid in metres
   */
  static Episode stretch(
      TrainingWalk walk, double fineVoxel, ComputeBackend backend, SplittableRandom random) {
    int pairs = walk.worldFromCamera().size() / 2;
    int length = 1 + random.nextInt(pairs);
    int first = random.nextInt(pairs - length + 1);
    return new Episode(walk, fineVoxel, backend, random, 2 * first, 2 * length);
  }

  /** A walk from its beginning to its end. */
  static Episode whole(
      TrainingWalk walk, double fineVoxel, ComputeBackend backend, SplittableRandom random) {
    int views = walk.worldFromCamera().size();
    return new Episode(walk, fineVoxel, backend, random, 0, views);
  }

  private Episode(
      TrainingWalk walk,
      double fineVoxel,
      ComputeBackend backend,
      SplittableRandom random,
      int first,
      int views) {
    this.walk = walk;
    next = first;
    end = first + views;
    worldFromRoom = randomTransform(random);
    roomFromWorld = worldFromRoom.inverse();
    noise = SensorNoise.draw(random);
    noiseSeed = random.nextLong();
    fused = FusedDepth.beside(fineVoxel);
    fusion = new DepthFusion(fused, backend);
  }

  private static SE3 randomTransform(SplittableRandom random) {
    double s = MAX_SHIFT_METRES;
    SE3 shift =
        SE3.fromRotationVector(
            0, 0, 0, random.nextDouble(-s, s), random.nextDouble(-s, s), random.nextDouble(-s, s));
    return shift.times(randomRotation(random));
  }

  /** A rotation, every one as likely as another: a quaternion of normal numbers. */
  static SE3 randomRotation(SplittableRandom random) {
    double[] q = new double[4];
    for (int i = 0; i < q.length; i++) {
      q[i] = random.nextGaussian();
    }
    double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    return SE3.fromQuaternion(q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm, 0, 0, 0);
  }

  /** Whether every view of the episode has been fused. */
  boolean isOver() {
    return next >= end;
  }

  /** Senses the next view and fuses it; the fused blocks that changed. */
  int[] addView() {
    View view = view(next);
    mapped.add(view);
    next += 2;
    return fusion.integrate(view.sensed().depthMetres(), walk.camera(), view.worldFromCamera());
  }

  /** The views fused so far. */
  List<View> mapped() {
    return mapped;
  }

  /** The held-out view after the last one fused. */
  View heldOut() {
    return view(next - 1);
  }

  FusedDepth fused() {
    return fused;
  }

  /**
   * Whether a view saw the space at a point: one of the eight voxels around it. All eight would be
   * too much where a surface was seen at a grazing angle.
   */
  boolean isSeen(double[] p) {
    int[] low = new int[3];
    Arrays.setAll(low, a -> (int) Math.floor(p[a] / fused.voxelEdge()));
    for (int corner = 0; corner < CORNERS; corner++) {
      int x = low[0] + (corner & 1);
      int y = low[1] + (corner >> 1 & 1);
      int z = low[2] + (corner >> 2);
      if (!Float.isNaN(fused.vertex(x, y, z))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a view saw that a point is free and no surface near. */
  boolean isSeenFree(double[] p) {
    return fused.sample(p[0], p[1], p[2]) > SEEN_FREE;
  }

  /** Exact signed distance at a point of the episode's world, metres, positive in free space. */
  double trueDistance(double[] point) {
    double[] p = roomFromWorld.apply(point[0], point[1], point[2]);
    return walk.scene().distance(p[0], p[1], p[2]);
  }

  /** Exact depth that a camera sees from a pose in the episode's world. */
  float[] trueDepth(PinholeCamera camera, SE3 worldFromCamera) {
    return walk.tracer().renderDepth(camera, roomFromWorld.times(worldFromCamera));
  }

  private View view(int number) {
    float[] exact = walk.depths().get(number).metres();
    float[] sensed = noise.apply(exact, noiseSeed + number);
    return new View(
        worldFromRoom.times(walk.worldFromCamera().get(number)),
        FramePixels.of(sensed, null),
        FramePixels.of(exact, null));
  }
}
