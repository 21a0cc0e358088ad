package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockAllocatorTest {
  private static final PinholeCamera CAMERA = SmallRoom.CAMERA;
  private static final RenderSettings TO_FRAME_MAX = new RenderSettings(32, 16, 0, false, false);
  private static final RenderSettings TO_RAY = new RenderSettings(32, 16, 0, false, true);

  /** Much finer than the presets', so that a frame passes hundreds of blocks. */
  private final FeatureGrid grid = new FeatureGrid(0.04, 4, 0, 0);

  private final double blockEdge = FeatureGrid.BLOCK_EDGE * grid.voxelEdge();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everySampleHasItsEightVertices(boolean farFromRay) {
    RenderSettings settings = farFromRay ? TO_RAY : TO_FRAME_MAX;
    FramePixels frame = withHoles(SmallRoom.pixels(SmallRoom.frame(0)));
    SE3 pose = SmallRoom.pose(0);
    new BlockAllocator(CAMERA, settings).allocate(grid, frame, pose);

    RayBatch rays = new RayBatch(CAMERA.width() * CAMERA.height());
    rays.poses[0] = pose;
    rays.frameMaxDepth[0] = frame.maxDepthMetres();
    PixelSampler sampler = new PixelSampler(CAMERA, 0);
    for (int y = 0; y < CAMERA.height(); y++) {
      for (int x = 0; x < CAMERA.width(); x++) {
        sampler.append(frame, x, y, 0, rays);
      }
    }
    float[] z = new float[settings.samples()];
    int missing = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      if (rays.depth[ray] > 0) {
        RaySampler.sample(rays, ray, settings, z, 0);
        for (float depth : z) {
          double x = depth * rays.directionX[ray];
          double y = depth * rays.directionY[ray];
          missing += hasVertices(pose.apply(x, y, depth)) ? 0 : 1;
        }
      }
    }
    assertThat(missing).as("samples of %d rays", rays.count).isZero();
    assertThat(grid.blockCount()).isGreaterThan(100);
  }

  private boolean hasVertices(double[] point) {
    int[] cell = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      cell[axis] = (int) Math.floor(point[axis] / grid.voxelEdge());
    }
    for (int corner = 0; corner < 8; corner++) {
      int x = cell[0] + (corner & 1);
      int y = cell[1] + (corner >> 1 & 1);
      int z = cell[2] + (corner >> 2 & 1);
      if (grid.blockAt(x >> 3, y >> 3, z >> 3) < 0) {
        return false;
      }
    }
    return true;
  }

  private static FramePixels withHoles(FramePixels frame) {
    SplittableRandom random = new SplittableRandom(1);
    float[] depth = frame.depthMetres().clone();
    for (int i = 0; i < depth.length; i++) {
      depth[i] = random.nextInt(3) == 0 ? 0 : depth[i];
    }
    return FramePixels.of(depth, frame.rgb());
  }

  @Test
  void nothingIsAllocatedFarBehindASurfaceOrBehindTheCamera() {
    double wall = 1.5;
    new BlockAllocator(CAMERA, TO_RAY).allocate(grid, wall(wall, 0), SE3.IDENTITY);
    double farthest = RaySampler.FAR_FACTOR * wall;
    for (int block = 0; block < grid.blockCount(); block++) {
      double near = grid.blockZ(block) * blockEdge;
      assertThat(near).isLessThanOrEqualTo(farthest + blockEdge);
      assertThat(near + blockEdge).isGreaterThanOrEqualTo(-blockEdge);
    }
  }

  @Test
  void raysWithoutAReadingAllocateNothing() {
    new BlockAllocator(CAMERA, TO_RAY).allocate(grid, wall(1.5, CAMERA.width()), SE3.IDENTITY);
    assertThat(grid.blockCount()).isZero();
    int half = CAMERA.width() / 2;
    new BlockAllocator(CAMERA, TO_RAY).allocate(grid, wall(1.5, half), SE3.IDENTITY);
    assertThat(grid.blockCount()).isPositive();
    for (int block = 0; block < grid.blockCount(); block++) {
      double right = (grid.blockX(block) + 1) * blockEdge;
      assertThat(right).as("readings have x >= 0").isGreaterThanOrEqualTo(0);
    }
  }

  /** A wall across the view, seen from image column {@code from} on. */
  private static FramePixels wall(double depthMetres, int from) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i % CAMERA.width() >= from ? (float) depthMetres : 0;
    }
    return FramePixels.of(depth, new byte[3 * depth.length]);
  }
}
