package io.roomfield.slam.compute.scalar;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.DepthNoise;
import io.roomfield.slam.fusion.FusedDepth;

/** Fuses a depth frame into blocks, vertex by vertex. */
final class FusionPass {
  private final FusedDepth map;
  private final DepthFrame frame;
  private final SE3 cameraFromWorld;

  FusionPass(FusedDepth map, DepthFrame frame) {
    this.map = map;
    this.frame = frame;
    cameraFromWorld = frame.worldFromCamera().inverse();
  }

  /** Returns whether a number of the block changed. */
  boolean fuse(int block) {
    int edge = FusedDepth.BLOCK_EDGE;
    boolean changed = false;
    for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
      double x = (map.blockX(block) * edge + i % edge) * map.voxelEdge();
      double y = (map.blockY(block) * edge + i / edge % edge) * map.voxelEdge();
      double z = (map.blockZ(block) * edge + i / (edge * edge)) * map.voxelEdge();
      changed |= fuse(cameraFromWorld.apply(x, y, z), block, i);
    }
    return changed;
  }

  private boolean fuse(double[] inCamera, int block, int vertex) {
    double reading = reading(inCamera);
    double distance = reading - inCamera[2];
    if (!(reading > 0) || Double.isInfinite(reading) || distance <= -map.truncation()) {
      return false;
    }
    double value = Math.min(1, distance / map.truncation());
    double falloff = Math.min(1, (distance + map.truncation()) / map.falloff());
    double weight = falloff * DepthNoise.weight(reading);
    float[] distances = map.distances(block);
    float[] weights = map.weights(block);
    double sum = weights[vertex] + weight;
    float newDistance = (float) ((weights[vertex] * distances[vertex] + weight * value) / sum);
    float newWeight = (float) Math.min(FusedDepth.MAX_WEIGHT, sum);
    boolean changed = newDistance != distances[vertex] || newWeight != weights[vertex];
    distances[vertex] = newDistance;
    weights[vertex] = newWeight;
    return changed;
  }

  /** The nearest pixel's; 0 if there is none. */
  private double reading(double[] inCamera) {
    PinholeCamera camera = frame.camera();
    if (inCamera[2] <= 0) {
      return 0;
    }
    double u = Math.floor(camera.fx() * inCamera[0] / inCamera[2] + camera.cx() + 0.5);
    double v = Math.floor(camera.fy() * inCamera[1] / inCamera[2] + camera.cy() + 0.5);
    boolean inside = u >= 0 && u < camera.width() && v >= 0 && v < camera.height();
    return inside ? frame.depthMetres()[((int) v) * camera.width() + (int) u] : 0;
  }
}
