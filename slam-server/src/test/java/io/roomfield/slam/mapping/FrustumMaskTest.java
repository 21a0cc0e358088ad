package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.render.FramePixels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrustumMaskTest {
  private static final PinholeCamera CAMERA = SmallRoom.CAMERA;

  /** Blocks of 1.28 m, so that some touch the frustum with a corner only. */
  private final FeatureGrid grid = new FeatureGrid(0.16, 4, 0, 0);

  private final FramePixels frame = withHoles(SmallRoom.pixels(SmallRoom.frame(0)));

  FrustumMaskTest() {
    for (int i = 0; i < 7 * 7 * 7; i++) {
      grid.allocate(i % 7 - 3, i / 7 % 7 - 3, i / 49 - 3);
    }
  }

  /** The preset's margin, and one so small that pixels' edges matter more. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.01})
  void isTheRuleVertexByVertex(double margin) {
    SplittableRandom random = new SplittableRandom(2);
    FrustumMask mask = new FrustumMask(CAMERA, margin);
    for (int trial = 0; trial < 12; trial++) {
      SE3 pose = randomPose(random);
      long[][] masks = mask.of(grid, frame, pose);
      SE3 cameraFromWorld = pose.inverse();
      int changing = 0;
      for (int block = 0; block < grid.blockCount(); block++) {
        int before = changing;
        for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
          boolean expected = changes(cameraFromWorld, block, vertex, margin);
          if (bit(masks[block], vertex) != expected) {
            assertThat(bit(masks[block], vertex))
                .as("trial %d, block %d, vertex %d", trial, block, vertex)
                .isEqualTo(expected);
          }
          changing += expected ? 1 : 0;
        }
        assertThat(masks[block] == null).as("nothing changes").isEqualTo(changing == before);
      }
      assertThat(changing).isBetween(1, grid.blockCount() * FeatureGrid.BLOCK_VOXELS - 1);
    }
  }

  /** The rule of algorithm.md, section 3. */
  private boolean changes(SE3 cameraFromWorld, int block, int vertex, double margin) {
    int x = 8 * grid.blockX(block) + vertex % 8;
    int y = 8 * grid.blockY(block) + vertex / 8 % 8;
    int z = 8 * grid.blockZ(block) + vertex / 64;
    double edge = grid.voxelEdge();
    double[] p = cameraFromWorld.apply(x * edge, y * edge, z * edge);
    if (Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) < margin) {
      return true;
    }
    long u = Math.round(CAMERA.fx() * p[0] / p[2] + CAMERA.cx());
    long v = Math.round(CAMERA.fy() * p[1] / p[2] + CAMERA.cy());
    if (p[2] <= 0 || u < 0 || u >= CAMERA.width() || v < 0 || v >= CAMERA.height()) {
      return false;
    }
    float reading = frame.depthMetres()[(int) (v * CAMERA.width() + u)];
    return p[2] - margin <= (reading == 0 ? frame.maxDepthMetres() : reading);
  }

  @Test
  void verticesNearTheCameraChangeWhereverItLooks() {
    SE3 pose = SE3.fromRotationVector(0, 1, 0, 0.07, 0.05, 0.03);
    long[][] masks = new FrustumMask(CAMERA, 0.5).of(grid, frame, pose);
    for (int corner = 0; corner < 8; corner++) {
      // The eight vertices about the camera are vertices 0 or 1 of blocks 0: at most 0.28 m away.
      int x = corner & 1;
      int y = corner >> 1 & 1;
      int z = corner >> 2 & 1;
      long[] mask = masks[grid.blockAt(0, 0, 0)];
      assertThat(bit(mask, (z * 8 + y) * 8 + x)).as("corner %d", corner).isTrue();
    }
  }

  private static boolean bit(long[] mask, int vertex) {
    return mask != null && (mask[vertex / 64] >>> (vertex % 64) & 1) == 1;
  }

  private static SE3 randomPose(SplittableRandom random) {
    double[] d = random.doubles(6, -1.5, 1.5).toArray();
    return SE3.fromRotationVector(d[0], d[1], d[2], d[3], d[4], d[5]);
  }

  private static FramePixels withHoles(FramePixels frame) {
    float[] depth = frame.depthMetres().clone();
    for (int i = 0; i < depth.length; i += 3) {
      depth[i] = 0;
    }
    return FramePixels.of(depth, frame.rgb());
  }
}
