package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;

/**
 * Allocates the blocks that the sampled segments of a frame's rays pass, so that no scene bounds
 * are configured (algorithm, section 1, "Ours" a). Rays are followed in bundles of a tile of pixels
 * each, as far as the tile's farthest reading asks.
 */
public final class BlockAllocator {
  /** Edge of a tile in pixels. */
  private static final int TILE = 8;

  /** Length of the pieces that a bundle of rays is cut into, in voxels: well below a block's. */
  private static final double VOXEL_STEP = 2;

  private final PinholeCamera camera;
  private final boolean farFromRay;

  public BlockAllocator(PinholeCamera camera, RenderSettings settings) {
    this.camera = camera;
    farFromRay = settings.farFromRay();
  }

  /** Allocates in one grid what a frame at a pose will sample. */
  public void allocate(FeatureGrid grid, FramePixels frame, SE3 worldFromCamera) {
    for (int v = 0; v < camera.height(); v += TILE) {
      for (int u = 0; u < camera.width(); u += TILE) {
        float depth = farthestReading(frame, u, v);
        if (depth > 0) {
          double far = RaySampler.FAR_FACTOR * (farFromRay ? depth : frame.maxDepthMetres());
          follow(grid, worldFromCamera, cornerRays(worldFromCamera, u, v), far);
        }
      }
    }
  }

  /** Of a tile's pixels; 0 if none has a reading. */
  private float farthestReading(FramePixels frame, int u, int v) {
    float farthest = 0;
    for (int y = v; y < Math.min(v + TILE, camera.height()); y++) {
      for (int x = u; x < Math.min(u + TILE, camera.width()); x++) {
        farthest = Math.max(farthest, frame.depthMetres()[y * camera.width() + x]);
      }
    }
    return farthest;
  }

  /** Directions through a tile's four corner pixels, in world axes. */
  private double[][] cornerRays(SE3 worldFromCamera, int u, int v) {
    double left = (u - camera.cx()) / camera.fx();
    double top = (v - camera.cy()) / camera.fy();
    double right = (Math.min(u + TILE, camera.width()) - 1 - camera.cx()) / camera.fx();
    double bottom = (Math.min(v + TILE, camera.height()) - 1 - camera.cy()) / camera.fy();
    return new double[][] {
      worldFromCamera.rotate(left, top, 1),
      worldFromCamera.rotate(right, top, 1),
      worldFromCamera.rotate(left, bottom, 1),
      worldFromCamera.rotate(right, bottom, 1)
    };
  }

  private static void follow(FeatureGrid grid, SE3 pose, double[][] corners, double far) {
    double[] origin = {pose.tx(), pose.ty(), pose.tz()};
    double step = VOXEL_STEP * grid.voxelEdge();
    for (double z = 0; z < far; z += step) {
      allocatePiece(grid, origin, corners, z, Math.min(z + step, far));
    }
  }

  /** The blocks of the vertices around a bundle between two depths: those of its bounding box. */
  private static void allocatePiece(
      FeatureGrid grid, double[] origin, double[][] corners, double from, double to) {
    int[] first = new int[3];
    int[] last = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (double[] ray : corners) {
        min = Math.min(min, Math.min(from * ray[axis], to * ray[axis]));
        max = Math.max(max, Math.max(from * ray[axis], to * ray[axis]));
      }
      first[axis] = (int) Math.floor((origin[axis] + min) / grid.voxelEdge());
      last[axis] = (int) Math.floor((origin[axis] + max) / grid.voxelEdge()) + 1;
    }
    int shift = FeatureGrid.BLOCK_SHIFT;
    for (int bz = first[2] >> shift; bz <= last[2] >> shift; bz++) {
      for (int by = first[1] >> shift; by <= last[1] >> shift; by++) {
        for (int bx = first[0] >> shift; bx <= last[0] >> shift; bx++) {
          grid.allocate(bx, by, bz);
        }
      }
    }
  }
}
