package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;

/**
 * Allocates the blocks that the sampled segments of a frame's rays pass, so that no scene bounds
 * are configured (algorithm, section 1, "Ours" a).
 */
final class BlockAllocator {
  /** Every so many pixels, in x and y, a ray is followed. */
  private static final int PIXEL_STEP = 8;

  /** Distance between looks along a ray, in voxels: well below a block's edge. */
  private static final double VOXEL_STEP = 2;

  private final PinholeCamera camera;
  private final boolean farFromRay;

  BlockAllocator(PinholeCamera camera, RenderSettings settings) {
    this.camera = camera;
    farFromRay = settings.farFromRay();
  }

  /** Allocates in one grid what a frame at a pose will sample. */
  void allocate(FeatureGrid grid, FramePixels frame, SE3 worldFromCamera) {
    for (int v = PIXEL_STEP / 2; v < camera.height(); v += PIXEL_STEP) {
      for (int u = PIXEL_STEP / 2; u < camera.width(); u += PIXEL_STEP) {
        float depth = frame.depthMetres()[v * camera.width() + u];
        if (depth > 0) {
          double far = RaySampler.FAR_FACTOR * (farFromRay ? depth : frame.maxDepthMetres());
          double[] direction =
              worldFromCamera.rotate(
                  (u - camera.cx()) / camera.fx(), (v - camera.cy()) / camera.fy(), 1);
          follow(grid, worldFromCamera, direction, far);
        }
      }
    }
  }

  private static void follow(FeatureGrid grid, SE3 pose, double[] direction, double far) {
    double edge = grid.voxelEdge();
    double step = VOXEL_STEP * edge;
    for (double z = 0; z < far + step; z += step) {
      double depth = Math.min(z, far);
      int x = (int) Math.floor((pose.tx() + depth * direction[0]) / edge);
      int y = (int) Math.floor((pose.ty() + depth * direction[1]) / edge);
      int zz = (int) Math.floor((pose.tz() + depth * direction[2]) / edge);
      allocateCell(grid, x, y, zz);
    }
  }

  /** The blocks of a cell's eight vertices. */
  private static void allocateCell(FeatureGrid grid, int x, int y, int z) {
    int shift = FeatureGrid.BLOCK_SHIFT;
    for (int bz = z >> shift; bz <= (z + 1) >> shift; bz++) {
      for (int by = y >> shift; by <= (y + 1) >> shift; by++) {
        for (int bx = x >> shift; bx <= (x + 1) >> shift; bx++) {
          grid.allocate(bx, by, bz);
        }
      }
    }
  }
}
