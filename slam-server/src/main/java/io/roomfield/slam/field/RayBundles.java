package io.roomfield.slam.field;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.function.DoubleUnaryOperator;

/**
 * Follows a depth image's rays through a block-sparse lattice, in bundles of a tile of pixels each,
 * as far as the tile's farthest reading asks.
 */
public final class RayBundles {
  /** Length along the optical axis of the pieces that a bundle is cut into, in blocks. */
  private static final double PIECE = 0.25;

  /** Told of blocks that hold a vertex around a ray; of most of them more than once. */
  @FunctionalInterface
  public interface BlockVisitor {
    void visit(int bx, int by, int bz);
  }

  private final PinholeCamera camera;
  private final int tile;
  private final double voxelEdge;
  private final int blockEdge;

  /**
   * @param tilePixels edge of a bundle's tile
   * @param voxelEdge distance between vertices in metres
   * @param blockEdge vertices along a block's edge
   */
  public RayBundles(PinholeCamera camera, int tilePixels, double voxelEdge, int blockEdge) {
    this.camera = camera;
    tile = tilePixels;
    this.voxelEdge = voxelEdge;
    this.blockEdge = blockEdge;
  }

  /**
   * Visits, for every tile with a reading, the blocks of the eight vertices around every point of
   * its rays from the camera on.
   *
   * @param depthMetres {@code [height, width]}; what is not above 0 and finite is no reading
   * @param far depth in metres to follow a tile to, of the tile's farthest reading
   */
  public void follow(
      float[] depthMetres, SE3 worldFromCamera, DoubleUnaryOperator far, BlockVisitor visitor) {
    for (int v = 0; v < camera.height(); v += tile) {
      for (int u = 0; u < camera.width(); u += tile) {
        float reading = farthestReading(depthMetres, u, v);
        if (reading > 0) {
          follow(worldFromCamera, u, v, far.applyAsDouble(reading), visitor);
        }
      }
    }
  }

  /** Of a tile's pixels; 0 if none has a reading. */
  private float farthestReading(float[] depthMetres, int u, int v) {
    float farthest = 0;
    for (int y = v; y < Math.min(v + tile, camera.height()); y++) {
      for (int x = u; x < Math.min(u + tile, camera.width()); x++) {
        float reading = depthMetres[y * camera.width() + x];
        if (reading > farthest && reading < Float.POSITIVE_INFINITY) {
          farthest = reading;
        }
      }
    }
    return farthest;
  }

  private void follow(SE3 pose, int u, int v, double far, BlockVisitor visitor) {
    double[][] corners = cornerRays(pose, u, v);
    double[] least = corners[0].clone();
    double[] most = corners[0].clone();
    for (double[] ray : corners) {
      for (int axis = 0; axis < 3; axis++) {
        least[axis] = Math.min(least[axis], ray[axis]);
        most[axis] = Math.max(most[axis], ray[axis]);
      }
    }
    double step = PIECE * blockEdge * voxelEdge;
    for (double z = 0; z < far; z += step) {
      double to = Math.min(z + step, far);
      int lastX = last(pose.tx(), most[0], z, to);
      int lastY = last(pose.ty(), most[1], z, to);
      int lastZ = last(pose.tz(), most[2], z, to);
      for (int bz = first(pose.tz(), least[2], z, to); bz <= lastZ; bz++) {
        for (int by = first(pose.ty(), least[1], z, to); by <= lastY; by++) {
          for (int bx = first(pose.tx(), least[0], z, to); bx <= lastX; bx++) {
            visitor.visit(bx, by, bz);
          }
        }
      }
    }
  }

  /** Directions through a tile's four corner pixels, in world axes. */
  private double[][] cornerRays(SE3 worldFromCamera, int u, int v) {
    double left = (u - camera.cx()) / camera.fx();
    double top = (v - camera.cy()) / camera.fy();
    double right = (Math.min(u + tile, camera.width()) - 1 - camera.cx()) / camera.fx();
    double bottom = (Math.min(v + tile, camera.height()) - 1 - camera.cy()) / camera.fy();
    return new double[][] {
      worldFromCamera.rotate(left, top, 1),
      worldFromCamera.rotate(right, top, 1),
      worldFromCamera.rotate(left, bottom, 1),
      worldFromCamera.rotate(right, bottom, 1)
    };
  }

  /** First block along an axis that a bundle meets between two depths. */
  private int first(double origin, double leastSlope, double from, double to) {
    double min = origin + Math.min(from * leastSlope, to * leastSlope);
    return Math.floorDiv((int) Math.floor(min / voxelEdge), blockEdge);
  }

  private int last(double origin, double mostSlope, double from, double to) {
    double max = origin + Math.max(from * mostSlope, to * mostSlope);
    return Math.floorDiv((int) Math.floor(max / voxelEdge) + 1, blockEdge);
  }
}
