package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.RayBundles;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;

/**
 * Allocates the blocks that the sampled segments of a frame's rays pass, so that no scene bounds
 * are configured (algorithm, section 1, "Ours" a).
 */
public final class BlockAllocator {
  /** Edge of a bundle of rays in pixels. */
  private static final int TILE = 8;

  private final PinholeCamera camera;
  private final boolean farFromRay;

  public BlockAllocator(PinholeCamera camera, RenderSettings settings) {
    this.camera = camera;
    farFromRay = settings.farFromRay();
  }

  /** Allocates in one grid what a frame at a pose will sample. */
  public void allocate(FeatureGrid grid, FramePixels frame, SE3 worldFromCamera) {
    new RayBundles(camera, TILE, grid.voxelEdge(), FeatureGrid.BLOCK_EDGE)
        .follow(
            frame.depthMetres(),
            worldFromCamera,
            reading -> RaySampler.FAR_FACTOR * (farFromRay ? reading : frame.maxDepthMetres()),
            grid::allocate);
  }
}
