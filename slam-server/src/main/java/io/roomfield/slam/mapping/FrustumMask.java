package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.render.FramePixels;

/**
 * Which vertices of a grid a mapping round may change: those inside the current frustum and not
 * farther than a margin behind the sensor depth, and those near the camera (algorithm, section 3).
 * Where there is no reading, the frame's largest depth stands in.
 */
final class FrustumMask {
  /** Words of 64 vertices a block has. */
  static final int WORDS = FeatureGrid.BLOCK_VOXELS / Long.SIZE;

  private final PinholeCamera camera;
  private final double margin;

  /**
   * @param margin metres behind the sensor depth, and around the camera
   */
  FrustumMask(PinholeCamera camera, double margin) {
    this.camera = camera;
    this.margin = margin;
  }

  /**
   * Per block of the grid {@value #WORDS} words, a bit a vertex in the block's order; null where no
   * vertex of the block may change.
   */
  long[][] of(FeatureGrid grid, FramePixels frame, SE3 worldFromCamera) {
    SE3 cameraFromWorld = worldFromCamera.inverse();
    long[][] masks = new long[grid.blockCount()][];
    for (int b = 0; b < masks.length; b++) {
      if (mayBeSeen(grid, b, frame.maxDepthMetres(), cameraFromWorld)) {
        masks[b] = block(grid, b, frame, cameraFromWorld);
      }
    }
    return masks;
  }

  /** Whether a block's bounding sphere comes within the margin of a frame's frustum. */
  boolean mayBeSeen(FeatureGrid grid, int block, float maxDepth, SE3 cameraFromWorld) {
    double edge = grid.voxelEdge();
    double half = 0.5 * (FeatureGrid.BLOCK_EDGE - 1);
    double[] centre =
        cameraFromWorld.apply(
            (grid.blockX(block) * FeatureGrid.BLOCK_EDGE + half) * edge,
            (grid.blockY(block) * FeatureGrid.BLOCK_EDGE + half) * edge,
            (grid.blockZ(block) * FeatureGrid.BLOCK_EDGE + half) * edge);
    return mayBeSeen(centre, Math.sqrt(3) * half * edge, maxDepth);
  }

  private boolean mayBeSeen(double[] centre, double radius, double maxDepth) {
    double reach = radius + margin;
    if (centre[2] < -reach || centre[2] > maxDepth + reach) {
      return false;
    }
    // A sphere is outside the pyramid if its centre is beyond a side plane by its radius.
    return !beyondSide(centre[0], centre[2], (camera.cx() + 0.5) / camera.fx(), reach)
        && !beyondSide(-centre[0], centre[2], (camera.width() - camera.cx()) / camera.fx(), reach)
        && !beyondSide(centre[1], centre[2], (camera.cy() + 0.5) / camera.fy(), reach)
        && !beyondSide(-centre[1], centre[2], (camera.height() - camera.cy()) / camera.fy(), reach);
  }

  private static boolean beyondSide(double lateral, double z, double slope, double reach) {
    return (lateral + slope * z) / Math.sqrt(1 + slope * slope) < -reach;
  }

  private long[] block(FeatureGrid grid, int block, FramePixels frame, SE3 cameraFromWorld) {
    long[] bits = new long[WORDS];
    long any = 0;
    double edge = grid.voxelEdge();
    int x0 = grid.blockX(block) * FeatureGrid.BLOCK_EDGE;
    int y0 = grid.blockY(block) * FeatureGrid.BLOCK_EDGE;
    int z0 = grid.blockZ(block) * FeatureGrid.BLOCK_EDGE;
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      double x = (x0 + vertex % FeatureGrid.BLOCK_EDGE) * edge;
      double y = (y0 + vertex / FeatureGrid.BLOCK_EDGE % FeatureGrid.BLOCK_EDGE) * edge;
      double z = (z0 + vertex / (FeatureGrid.BLOCK_EDGE * FeatureGrid.BLOCK_EDGE)) * edge;
      if (changes(frame, cameraFromWorld, x, y, z)) {
        bits[vertex / Long.SIZE] |= 1L << vertex;
      }
    }
    for (long word : bits) {
      any |= word;
    }
    return any == 0 ? null : bits;
  }

  private boolean changes(FramePixels frame, SE3 t, double x, double y, double z) {
    double cx = t.r00() * x + t.r01() * y + t.r02() * z + t.tx();
    double cy = t.r10() * x + t.r11() * y + t.r12() * z + t.ty();
    double cz = t.r20() * x + t.r21() * y + t.r22() * z + t.tz();
    if (cx * cx + cy * cy + cz * cz < margin * margin) {
      return true;
    }
    if (cz <= 0) {
      return false;
    }
    double u = Math.rint(camera.fx() * cx / cz + camera.cx());
    double v = Math.rint(camera.fy() * cy / cz + camera.cy());
    if (u < 0 || v < 0 || u >= camera.width() || v >= camera.height()) {
      return false;
    }
    int pixel = ((int) v) * camera.width() + (int) u;
    float depth = frame.depthMetres()[pixel];
    return cz <= (depth > 0 ? depth : frame.maxDepthMetres()) + margin;
  }
}
