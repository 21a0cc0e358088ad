package io.roomfield.slam.client.eval;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Compares an estimated mesh with the true one: 200 000 points, spread evenly by area over each
 * surface (fixed seed), and their exact distances to the nearest point of the other's triangles.
 *
 * <p>Visible region: with one or more views added, a point of either mesh counts only if at least
 * one view sees it, that is, if in the camera's frame (a) {@code z > 0}, (b) its projection rounds
 * to a pixel inside the image, (c) that pixel has a depth reading {@code D > 0}, and (d) {@code z
 * <= D + 0.03 m}: the point is not hidden behind what the camera measured. So surface that no
 * camera could see is neither demanded nor punished, while estimated surface that floats in seen
 * free space is punished. Distances go to the whole of the other surface. Without a view every
 * point counts. Not thread-safe.
 */
public final class MeshEvaluation {
  /** As in the evaluation of NICE-SLAM and its successors. */
  static final int POINTS = 200_000;

  private static final double OCCLUSION_MARGIN_METRES = 0.03;
  private static final long ESTIMATE_SEED = 1;
  private static final long TRUTH_SEED = 2;

  private final TriangleMesh truth;
  private final Side estimateSide;
  private final Side truthSide;
  private int views;

  /** A surface, its points and which of them were seen. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  private record Side(SurfaceDistance surface, double[] points, BitSet seen) {
    static Side of(String name, double[] positions, int[] faces, long seed) {
      try {
        return new Side(
            new SurfaceDistance(positions, faces),
            SurfaceSampler.sample(positions, faces, POINTS, seed),
            new BitSet(POINTS));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + " mesh: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Samples both meshes.
   *
   * @param estimate in the estimate's world
   * @param truth in the truth's world
   * @param truthFromEstimate applied to the estimate first: {@link
   *     AbsoluteTrajectoryError#truthFromEstimate}
   * @throws IllegalArgumentException if a mesh has no area
   */
  public MeshEvaluation(TriangleMesh estimate, TriangleMesh truth, SE3 truthFromEstimate) {
    this.truth = truth;
    this.estimateSide =
        Side.of(
            "estimated",
            MeshRasterizer.transformed(estimate, truthFromEstimate),
            estimate.faces(),
            ESTIMATE_SEED);
    this.truthSide =
        Side.of("true", MeshRasterizer.transformed(truth, SE3.IDENTITY), truth.faces(), TRUTH_SEED);
  }

  /**
   * Adds a view by its sensor's depth image.
   *
   * @param truthFromCamera the camera's true pose
   * @param depthMetres {@code [height, width]} along the optical axis; 0 is no reading
   * @throws IllegalArgumentException if the image is not of the camera's size
   */
  public void addView(PinholeCamera camera, SE3 truthFromCamera, float[] depthMetres) {
    if (depthMetres.length != camera.width() * camera.height()) {
      throw new IllegalArgumentException(
          "view %d: depth image has %d pixels (expected: %dx%d as the camera)"
              .formatted(views, depthMetres.length, camera.width(), camera.height()));
    }
    views++;
    SE3 cameraFromTruth = truthFromCamera.inverse();
    markSeen(estimateSide, camera, cameraFromTruth, depthMetres);
    markSeen(truthSide, camera, cameraFromTruth, depthMetres);
  }

  /**
   * Adds a view whose depth image is drawn from the true mesh: for sequences without a sensor's.
   */
  public void addView(PinholeCamera camera, SE3 truthFromCamera) {
    addView(
        camera,
        truthFromCamera,
        MeshRasterizer.render(truth, camera, truthFromCamera, true).depthMetres());
  }

  /**
   * The errors over the visible region.
   *
   * @throws IllegalStateException if the views see no point of one of the meshes
   */
  public MeshErrors evaluate() {
    return MeshErrors.ofDistances(
        distances("estimated", estimateSide, truthSide.surface),
        distances("true", truthSide, estimateSide.surface));
  }

  private static void markSeen(
      Side side, PinholeCamera camera, SE3 cameraFromTruth, float[] depth) {
    for (int i = side.seen.nextClearBit(0); i < POINTS; i = side.seen.nextClearBit(i + 1)) {
      double[] p =
          cameraFromTruth.apply(side.points[3 * i], side.points[3 * i + 1], side.points[3 * i + 2]);
      if (p[2] > 0) {
        double x = Math.rint(camera.fx() * p[0] / p[2] + camera.cx());
        double y = Math.rint(camera.fy() * p[1] / p[2] + camera.cy());
        if (x >= 0 && x < camera.width() && y >= 0 && y < camera.height()) {
          float measured = depth[((int) y) * camera.width() + (int) x];
          side.seen.set(i, measured > 0 && p[2] <= measured + OCCLUSION_MARGIN_METRES);
        }
      }
    }
  }

  private double[] distances(String name, Side side, SurfaceDistance other) {
    int[] counted =
        views == 0 ? IntStream.range(0, POINTS).toArray() : side.seen.stream().toArray();
    if (counted.length == 0) {
      throw new IllegalStateException(
          "%s mesh: none of its %d points is seen by any of the %d views (expected: some; are poses and mesh in one frame?)"
              .formatted(name, POINTS, views));
    }
    double[] distances = new double[counted.length];
    IntStream.range(0, counted.length)
        .parallel()
        .forEach(
            i -> {
              int at = 3 * counted[i];
              distances[i] = other.to(side.points[at], side.points[at + 1], side.points[at + 2]);
            });
    return distances;
  }
}
