package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticDepth;
import org.junit.jupiter.api.Test;

class FusedDepthRayCasterTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(97, 71, 80, 80, 47.5, 35.5);
  private static final double VOXEL = 0.04;
  private static final double TRUNCATION = 0.16;
  private static final double[] CENTRE = {0.013, -0.02, 0.007};
  private static final double RADIUS = 0.5;
  private static final Distance SPHERE = Distance.sphere(CENTRE[0], CENTRE[1], CENTRE[2], RADIUS);
  private static final float FAR = 5;

  /** Slanted to every axis, 0.7 m from the origin. */
  private static final double[] NORMAL = {0.48, -0.6, -0.64};

  private static final Distance PLANE =
      (x, y, z) -> NORMAL[0] * x + NORMAL[1] * y + NORMAL[2] * z + 0.7;

  private static FusedDepthRayCaster.View cast(Distance scene, SE3 pose) {
    return new FusedDepthRayCaster(FusedScenes.exact(scene, VOXEL, TRUNCATION)).cast(CAMERA, pose);
  }

  @Test
  void aPlaneIsMetWhereItIs() {
    SE3 pose = SE3.fromRotationVector(0.1, -0.2, 0.05, -0.2, 0.3, -0.2);
    FusedDepthRayCaster.View view = cast(PLANE, pose);
    float[] expected = AnalyticDepth.render(PLANE, CAMERA, pose, FAR);
    int met = 0;
    for (int i = 0; i < expected.length; i++) {
      double depth = view.depthMetres()[i];
      if (depth > 0) {
        met++;
        // A plane is linear: what is left is float rounding and the tracer's 1e-5 m over a cosine.
        assertThat(depth).isBetween(expected[i] - 1e-4, expected[i] + 1e-4);
        for (int axis = 0; axis < 3; axis++) {
          float component = view.normals()[3 * i + axis];
          boolean known = length(view.normals(), i) > 0;
          assertThat((double) component)
              .isBetween(known ? NORMAL[axis] - 1e-3 : 0, known ? NORMAL[axis] + 1e-3 : 0);
        }
      } else {
        double[] p = point(pose, i, expected[i]);
        double reach = Math.max(Math.abs(p[0]), Math.max(Math.abs(p[1]), Math.abs(p[2])));
        // The last vertex is a voxel before the last block's end; a last step may pass both it and
        // the surface.
        assertThat(reach).as("not met").isGreaterThan(1.28 - 2 * VOXEL);
      }
    }
    assertThat(met).isGreaterThan(expected.length / 2);
  }

  @Test
  void aSphereIsMetFromEverySide() {
    double[][] eyes = {
      {0, 0, -1.2}, {1.1, 0.4, -0.3}, {-0.8, -0.9, 0.6}, {0.1, 1.25, 0.2}, {3, 0, 0}
    };
    for (double[] eye : eyes) {
      SE3 pose = SE3.lookAt(eye, CENTRE, new double[] {0.1, 0.2, 0.9});
      FusedDepthRayCaster.View view = cast(SPHERE, pose);
      float[] expected = AnalyticDepth.render(SPHERE, CAMERA, pose, FAR);
      for (int i = 0; i < expected.length; i++) {
        double[] p = point(pose, i, expected[i]);
        double cosine = expected[i] < FAR ? towards(pose, p) : 0;
        if (cosine > 0.3) {
          assertSphere(view, expected[i], i, p, cosine);
        } else if (expected[i] == FAR) {
          assertThat((double) view.depthMetres()[i]).isZero();
        }
      }
    }
  }

  private static void assertSphere(
      FusedDepthRayCaster.View view, float expected, int pixel, double[] p, double cosine) {
    // Trilinear interpolation of a distance is off by h^2 / 8 (1/r + 1/r) = 0.8 mm at most.
    double tolerance = 0.001 / cosine;
    assertThat((double) view.depthMetres()[pixel])
        .isBetween(expected - tolerance, expected + tolerance);
    double product = 0;
    for (int axis = 0; axis < 3; axis++) {
      product += view.normals()[3 * pixel + axis] * (p[axis] - CENTRE[axis]) / RADIUS;
    }
    // Differences over a voxel either side turn the normal by about (h / r)^2 / 6: 0.1 degrees,
    // the cells' edges by h / 2 r = 2.3 degrees at most.
    assertThat(product).isGreaterThan(Math.cos(Math.toRadians(2.4)));
  }

  /** Cosine between a sphere's normal and the way back to the camera. */
  private static double towards(SE3 pose, double[] p) {
    double[] back = {pose.tx() - p[0], pose.ty() - p[1], pose.tz() - p[2]};
    double product = 0;
    double square = 0;
    for (int axis = 0; axis < 3; axis++) {
      product += back[axis] * (p[axis] - CENTRE[axis]) / RADIUS;
      square += back[axis] * back[axis];
    }
    return product / Math.sqrt(square);
  }

  private static double[] point(SE3 pose, int pixel, double depth) {
    double x = (pixel % CAMERA.width() - CAMERA.cx()) / CAMERA.fx();
    int row = pixel / CAMERA.width();
    double y = (row - CAMERA.cy()) / CAMERA.fy();
    return pose.apply(x * depth, y * depth, depth);
  }

  private static double length(float[] normals, int pixel) {
    return Math.hypot(
        normals[3 * pixel], Math.hypot(normals[3 * pixel + 1], normals[3 * pixel + 2]));
  }

  /** Surfaces in the plane between two blocks, or just beside it, along the axes. */
  @Test
  void aSurfaceOnABlocksFaceIsNotMissed() {
    double block = FusedDepth.BLOCK_EDGE * VOXEL;
    SE3 pose = SE3.fromRotationVector(0, 0, 0, 0.3, 0.3, -0.2);
    for (double offset : new double[] {-0.5 * VOXEL, -1e-4, 0, 1e-4, 0.5 * VOXEL}) {
      Distance wall = (x, y, z) -> block + offset - z;
      float[] depth = cast(wall, pose).depthMetres();
      int middle = CAMERA.height() / 2 * CAMERA.width() + CAMERA.width() / 2;
      assertThat((double) depth[middle])
          .isBetween(block + offset + 0.2 - 1e-4, block + offset + 0.2 + 1e-4);
    }
  }

  @Test
  void theBackOfASurfaceAndAnEmptyMapAreNotMet() {
    SE3 inside = SE3.fromRotationVector(0, 0, 0, CENTRE[0], CENTRE[1], CENTRE[2]);
    assertThat(cast(SPHERE, inside).depthMetres()).containsOnly(0);
    FusedDepth empty = new FusedDepth(VOXEL, TRUNCATION);
    assertThat(new FusedDepthRayCaster(empty).cast(CAMERA, inside).depthMetres()).containsOnly(0);
  }
}
