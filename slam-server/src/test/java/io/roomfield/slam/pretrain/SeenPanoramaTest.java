package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.fusion.FusedDepthRayCaster;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** An eye in the origin that has seen what is before it, 53 degrees wide. */
class SeenPanoramaTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(200, 200, 200, 200, 99.5, 99.5);
  private static final double FINE_VOXEL = 0.08;
  private static final double NEAR = 1.2;
  private static final double FAR = 2;

  /** A tenth of a voxel of the fused depth: its zero is exact to about that. */
  private static final double FUSION_ERROR = 0.004;

  @Test
  void seenSurfaceIsWhereItWasSeen() {
    SeenPanorama wall = panorama((x, y) -> FAR);
    // Half a pixel of the cube's face, at 2 m and 23 degrees.
    double pixel = FAR * 0.5 / 32 * 0.43;
    assertThat(wall.nearestDepth(0.3, 0.3)).isCloseTo(FAR, within(pixel + FUSION_ERROR));
  }

  @Test
  void besideAndBehindWhatWasSeenItsRangeGoesOn() {
    SeenPanorama bowl = panorama((x, y) -> FAR / Math.sqrt(1 + x * x + y * y));
    for (double[] direction : new double[][] {{0.55, 0}, {1, 0}, {0, -1}, {-3, 2}}) {
      double length = Math.sqrt(1 + Math.pow(direction[0], 2) + Math.pow(direction[1], 2));
      assertThat(bowl.nearestDepth(direction[0], direction[1]))
          .isCloseTo(FAR / length, within(FUSION_ERROR));
    }
  }

  @Test
  void eachSideOfAStepHasItsOwnRange() {
    // Left a wall at 2 m, right a nearer one.
    SeenPanorama step = panorama((x, y) -> x > 0 ? NEAR : FAR);
    double range = NEAR * Math.sqrt(1 + 0.5 * 0.5);
    assertThat(step.nearestDepth(0.6, 0) * Math.sqrt(1 + 0.6 * 0.6)).isCloseTo(range, within(0.05));
    assertThat(step.nearestDepth(-0.6, 0)).isGreaterThan(NEAR);
  }

  /** Fuses a view of which every pixel's depth is told by its direction. */
  private static SeenPanorama panorama(DoubleBinaryOperator depthAt) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    for (int pixel = 0; pixel < depth.length; pixel++) {
      int row = pixel / CAMERA.width();
      depth[pixel] =
          (float)
              depthAt.applyAsDouble(
                  (pixel % CAMERA.width() - CAMERA.cx()) / CAMERA.fx(),
                  (row - CAMERA.cy()) / CAMERA.fy());
    }
    FusedDepth fused = FusedDepth.beside(FINE_VOXEL);
    try (ComputeBackend backend = SmallRoom.backend()) {
      new DepthFusion(fused, backend).integrate(depth, CAMERA, SE3.IDENTITY);
    }
    return SeenPanorama.of(new FusedDepthRayCaster(fused), SE3.IDENTITY);
  }
}
