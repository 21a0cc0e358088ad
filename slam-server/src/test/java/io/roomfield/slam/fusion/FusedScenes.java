package io.roomfield.slam.fusion;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.compute.AnalyticDepth;

/** Fused depth of signed distances. */
public final class FusedScenes {
  private static final int BLOCKS = 2;

  private FusedScenes() {}

  /**
   * A scene as endless fusion of perfect readings would have it, in blocks that hold something of
   * the surface's neighbourhood, within two blocks of the origin.
   */
  public static FusedDepth exact(Distance scene, double voxelEdge, double truncation) {
    FusedDepth map = new FusedDepth(voxelEdge, truncation);
    double block = FusedDepth.BLOCK_EDGE * voxelEdge;
    for (int z = -BLOCKS; z < BLOCKS; z++) {
      for (int y = -BLOCKS; y < BLOCKS; y++) {
        for (int x = -BLOCKS; x < BLOCKS; x++) {
          double centre = scene.at((x + 0.5) * block, (y + 0.5) * block, (z + 0.5) * block);
          if (Math.abs(centre) < truncation + block * Math.sqrt(3) / 2) {
            fill(map, map.allocate(x, y, z), scene);
          }
        }
      }
    }
    return map;
  }

  private static void fill(FusedDepth map, int block, Distance scene) {
    int edge = FusedDepth.BLOCK_EDGE;
    for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
      double distance =
          scene.at(
                  (map.blockX(block) * edge + i % edge) * map.voxelEdge(),
                  (map.blockY(block) * edge + i / edge % edge) * map.voxelEdge(),
                  (map.blockZ(block) * edge + i / (edge * edge)) * map.voxelEdge())
              / map.truncation();
      if (distance >= -1) {
        map.distances(block)[i] = (float) Math.min(1, distance);
        map.weights(block)[i] = 1;
      }
    }
  }

  /** Fuses a scene as seen without noise from eyes that look at the origin. */
  public static void fuse(
      DepthFusion fusion, Distance scene, PinholeCamera camera, double[][] eyes) {
    for (double[] eye : eyes) {
      SE3 pose = SE3.lookAt(eye, new double[3], new double[] {0.1, 0.9, 0.3});
      fusion.integrate(AnalyticDepth.render(scene, camera, pose, 4), camera, pose);
    }
  }
}
