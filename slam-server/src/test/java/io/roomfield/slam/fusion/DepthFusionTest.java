package io.roomfield.slam.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticDepth;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DepthFusionTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 300, 300, 159.5, 119.5);
  private static final double WALL = 1.5;
  private static final double RADIUS = 0.3;
  private static final double[] CENTRE = {0.03, -0.02, 1.01};
  private static final Distance PLANE = (x, y, z) -> WALL - z;
  private static final Distance SPHERE = Distance.sphere(CENTRE[0], CENTRE[1], CENTRE[2], RADIUS);
  private static final int VIEWS = 30;

  private final ComputeBackend backend = ComputeBackends.open("vector", 2);
  private final FusedDepth map = FusedDepth.beside(0.08);
  private final DepthFusion fusion = new DepthFusion(map, backend);

  @AfterEach
  void close() {
    backend.close();
  }

  /** Around the origin, looking at the sphere. */
  private static SE3 pose(int view) {
    double angle = 2.4 * view;
    double reach = 0.5 * view / VIEWS;
    return SE3.lookAt(
        new double[] {reach * Math.cos(angle), reach * Math.sin(angle), 0.05 * Math.sin(view)},
        CENTRE,
        new double[] {0, -1, 0.1});
  }

  private static float[] noisy(float[] depth, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < depth.length; i++) {
      depth[i] += (float) (DepthNoise.sigma(depth[i]) * random.nextGaussian());
    }
    return depth;
  }

  private void fuseNoisyViews(Distance scene) {
    for (int view = 0; view < VIEWS; view++) {
      float[] depth = AnalyticDepth.render(scene, CAMERA, pose(view), 4);
      fusion.integrate(noisy(depth, view), CAMERA, pose(view));
    }
  }

  @Test
  void noiseIsAveragedToTheSurface() {
    fuseNoisyViews(SPHERE.or(PLANE));
    // Noise of 2 mm (sphere) and 3.5 mm (wall) over up to 30 views leaves 0.4 and 0.7 mm; five of
    // those. The ball's slope times half a pixel (1.2 mm) and its curvature over a voxel, h^2 / 8 r
    // = 0.7 mm, come on top.
    for (double x = -0.45; x <= 0.45; x += 0.05) {
      if (Math.abs(x) > 0.4) { // beside the ball and its shadow
        assertThat(crossing(new double[] {x, 0.1, 1.2}, new double[] {0, 0, 1}))
            .as("wall at x = %.2f", x)
            .isCloseTo(WALL - 1.2, within(0.0035));
      }
    }
    for (int i = 0; i < 40; i++) {
      double tilt = 0.5 * i / 40;
      double[] d = {Math.sin(tilt) * Math.cos(i), Math.sin(tilt) * Math.sin(i), -Math.cos(tilt)};
      double[] from = new double[3];
      double[] inwards = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        from[axis] = CENTRE[axis] + 2 * RADIUS * d[axis];
        inwards[axis] = -d[axis];
      }
      assertThat(crossing(from, inwards)).as("ball at %d", i).isCloseTo(RADIUS, within(0.004));
    }
  }

  /** Way in metres from a point in free space to where the distance along a direction is 0. */
  private double crossing(double[] from, double[] direction) {
    double step = 0.001;
    float before = Float.NaN;
    for (double way = 0; way < 1; way += step) {
      float value =
          map.sample(
              from[0] + way * direction[0],
              from[1] + way * direction[1],
              from[2] + way * direction[2]);
      if (value <= 0 && before > 0) {
        return way - step * value / (value - before);
      }
      before = value;
    }
    return Double.NaN;
  }

  @Test
  void spaceInFrontIsFreeAndSpaceBehindWasNeverSeen() {
    fuseNoisyViews(PLANE);
    assertThat(map.sample(0, 0, 0.5)).isEqualTo(1);
    assertThat(map.sample(0.1, -0.1, 1.2)).isEqualTo(1);
    // Farther behind than the truncation and six deviations of a reading.
    double unseen = WALL + map.truncation() + 6 * DepthNoise.sigma(2);
    int behind = 0;
    for (int block = 0; block < map.blockCount(); block++) {
      for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
        float distance = map.distances(block)[i];
        assertThat(distance).isBetween(-1f, 1f);
        assertThat(map.weights(block)[i]).isBetween(0f, FusedDepth.MAX_WEIGHT);
        if ((16 * map.blockZ(block) + i / 256) * map.voxelEdge() > unseen) {
          behind++;
          assertThat(map.weights(block)[i]).isZero();
          assertThat(distance).isZero();
        }
      }
    }
    assertThat(behind).isPositive();
  }

  @Test
  void whatWasTakenAwayIsCarved() {
    float[] with = AnalyticDepth.render(SPHERE.or(PLANE), CAMERA, SE3.IDENTITY, 4);
    float[] without = AnalyticDepth.render(PLANE, CAMERA, SE3.IDENTITY, 4);
    for (int i = 0; i < VIEWS; i++) {
      fusion.integrate(with, CAMERA, SE3.IDENTITY);
    }
    double behindFront = CENTRE[2] - RADIUS + 0.05;
    assertThat(map.sample(CENTRE[0], CENTRE[1], behindFront)).isNegative();
    // Its 16 readings at 1 m meet free ones of weight 0.28 each: from -1 to 0 takes 40 of them.
    for (int i = 0; i < 45; i++) {
      fusion.integrate(without, CAMERA, SE3.IDENTITY);
    }
    assertThat(map.sample(CENTRE[0], CENTRE[1], behindFront)).isPositive();
  }

  @Test
  void tellsWhichBlocksChanged() {
    float[] depth = AnalyticDepth.render(PLANE, CAMERA, SE3.IDENTITY, 4);
    int[] changed = fusion.integrate(depth, CAMERA, SE3.IDENTITY);
    assertThat(changed).doesNotHaveDuplicates().isNotEmpty();
    for (int block = 0; block < map.blockCount(); block++) {
      boolean seen = false;
      for (float weight : map.weights(block)) {
        seen |= weight > 0;
      }
      int number = block;
      assertThat(changed.length > 0 && contains(changed, number)).isEqualTo(seen);
    }
  }

  private static boolean contains(int[] numbers, int number) {
    for (int n : numbers) {
      if (n == number) {
        return true;
      }
    }
    return false;
  }

  @Test
  void pixelsWithoutAReadingAreNothing() {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    float[] none = {0, Float.NaN, Float.POSITIVE_INFINITY, -2};
    for (int i = 0; i < depth.length; i++) {
      depth[i] = none[i % none.length];
    }
    assertThat(fusion.integrate(depth, CAMERA, SE3.IDENTITY)).isEmpty();
    assertThat(map.blockCount()).isZero();
    depth[120 * CAMERA.width() + 160] = 1;
    assertThat(fusion.integrate(depth, CAMERA, SE3.IDENTITY)).isNotEmpty();
    for (int block = 0; block < map.blockCount(); block++) {
      assertThat(map.distances(block)).doesNotContain(Float.NaN);
    }
  }

  @Test
  void anImageOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> fusion.integrate(new float[100], CAMERA, SE3.IDENTITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("depth image: 100 pixels (expected: 76800, 320x240 as the camera's)");
  }

  @Test
  void whereTheCameraStandsIsFreeUnlessAReadingTellsOtherwise() {
    FusedDepth map = new FusedDepth(0.04, 0.12);
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      DepthFusion fusion = new DepthFusion(map, backend);
      int block = map.allocate(0, 0, 0);
      map.distances(block)[0] = -0.5f;
      map.weights(block)[0] = 1;
      SE3 pose = SE3.fromRotationVector(0, 0, 0, 0.3, 0.3, 0.3);
      assertThat(fusion.clearAround(pose)).contains(block);
      // Vertex 7 lies at 0.28, beside the camera; vertex 0, at the corner, is 0.52 m away.
      assertThat(map.vertex(7, 7, 7)).isEqualTo(1f);
      assertThat(map.vertex(0, 0, 0)).isEqualTo(-0.5f);
      assertThat(map.vertex(1, 0, 0)).as("farther than the clearance").isNaN();
      map.distances(block)[0] = 1;
      assertThat(fusion.clearAround(pose)).as("nothing is new").isEmpty();
    }
  }
}
