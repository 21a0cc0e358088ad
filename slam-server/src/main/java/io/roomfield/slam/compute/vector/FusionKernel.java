package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.DepthNoise;
import io.roomfield.slam.fusion.FusedDepth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Fuses a depth frame into blocks, a row of vertices along x at a time. For one thread. */
final class FusionKernel {
  private static final FloatVector LANE = FloatVector.zero(SPECIES).addIndex(1);

  /** From a block's centre to its outermost vertices, in voxels, rounded up. */
  private static final double BLOCK_RADIUS = 7.5 * 1.7321;

  /** From a block's first vertex to its centre, in voxels. */
  private static final double BLOCK_CENTRE = 7.5;

  private final FusedDepth map;
  private final float[] depth;
  private final PinholeCamera camera;
  private final SE3 cameraFromWorld;
  private final double farthest;
  private final double radius;
  private final float truncation;
  private final float perTruncation;
  private final float perFalloff;
  private final int[] pixels = new int[LANES];
  private final float[] readings = new float[LANES];

  /**
   * @param farthestReading of the frame, in metres
   */
  FusionKernel(FusedDepth map, DepthFrame frame, float farthestReading) {
    this.map = map;
    depth = frame.depthMetres();
    camera = frame.camera();
    cameraFromWorld = frame.worldFromCamera().inverse();
    farthest = farthestReading + map.truncation();
    radius = BLOCK_RADIUS * map.voxelEdge();
    truncation = (float) map.truncation();
    perTruncation = (float) (1 / map.truncation());
    perFalloff = (float) (1 / map.falloff());
  }

  /** Returns whether a number of the block changed. */
  boolean fuse(int block) {
    if (!maySee(block)) {
      return false;
    }
    double edge = map.voxelEdge();
    double x = FusedDepth.BLOCK_EDGE * map.blockX(block) * edge;
    double y = FusedDepth.BLOCK_EDGE * map.blockY(block) * edge;
    double z = FusedDepth.BLOCK_EDGE * map.blockZ(block) * edge;
    SE3 t = cameraFromWorld;
    float[] distances = map.distances(block);
    float[] weights = map.weights(block);
    boolean changed = false;
    for (int row = 0; row < FusedDepth.BLOCK_VOXELS; row += FusedDepth.BLOCK_EDGE) {
      double rowY = y + ((row >> FusedDepth.BLOCK_SHIFT) % FusedDepth.BLOCK_EDGE) * edge;
      double rowZ = z + (row >> (2 * FusedDepth.BLOCK_SHIFT)) * edge;
      float cameraX = (float) (t.r00() * x + t.r01() * rowY + t.r02() * rowZ + t.tx());
      float cameraY = (float) (t.r10() * x + t.r11() * rowY + t.r12() * rowZ + t.ty());
      float cameraZ = (float) (t.r20() * x + t.r21() * rowY + t.r22() * rowZ + t.tz());
      for (int i = 0; i < FusedDepth.BLOCK_EDGE; i += LANES) {
        FloatVector along = LANE.add(i).mul((float) edge);
        FloatVector depths = along.mul((float) t.r20()).add(cameraZ);
        FloatVector perDepth = depths.broadcast(1f).div(depths);
        FloatVector u = along.mul((float) t.r00()).add(cameraX).mul(perDepth);
        FloatVector v = along.mul((float) t.r10()).add(cameraY).mul(perDepth);
        changed |= fuse(distances, weights, row + i, u, v, depths);
      }
    }
    return changed;
  }

  /** Whether a vertex of the block may lie in the view and not behind every surface. */
  private boolean maySee(int block) {
    double edge = map.voxelEdge();
    double[] c =
        cameraFromWorld.apply(
            (FusedDepth.BLOCK_EDGE * map.blockX(block) + BLOCK_CENTRE) * edge,
            (FusedDepth.BLOCK_EDGE * map.blockY(block) + BLOCK_CENTRE) * edge,
            (FusedDepth.BLOCK_EDGE * map.blockZ(block) + BLOCK_CENTRE) * edge);
    double left = camera.cx() + 0.5;
    double top = camera.cy() + 0.5;
    return c[2] > -radius
        && c[2] - radius < farthest
        && isInside(camera.fx(), left, c[0], c[2])
        && isInside(-camera.fx(), camera.width() - left, c[0], c[2])
        && isInside(camera.fy(), top, c[1], c[2])
        && isInside(-camera.fy(), camera.height() - top, c[1], c[2]);
  }

  /** Whether a sphere at (x, z) reaches into the half-space {@code focal x + margin z >= 0}. */
  private boolean isInside(double focal, double margin, double x, double z) {
    return focal * x + margin * z >= -radius * Math.hypot(focal, margin);
  }

  /**
   * @param slopeX of the vertices from index {@code at} on: x / z in the camera
   * @param depths z in the camera
   */
  private boolean fuse(
      float[] distances,
      float[] weights,
      int at,
      FloatVector slopeX,
      FloatVector slopeY,
      FloatVector depths) {
    // Truncation rounds to the nearest pixel, whose centre is half a pixel on.
    FloatVector u = slopeX.mul((float) camera.fx()).add((float) (camera.cx() + 0.5));
    FloatVector v = slopeY.mul((float) camera.fy()).add((float) (camera.cy() + 0.5));
    VectorMask<Float> seen =
        depths
            .compare(VectorOperators.GT, 0f)
            .and(u.compare(VectorOperators.GE, 0f))
            .and(v.compare(VectorOperators.GE, 0f))
            .and(u.compare(VectorOperators.LT, camera.width()))
            .and(v.compare(VectorOperators.LT, camera.height()));
    if (!seen.anyTrue()) {
      return false;
    }
    FloatVector reading = read(u.blend(0f, seen.not()), v.blend(0f, seen.not()));
    FloatVector distance = reading.sub(depths);
    seen =
        seen.and(reading.compare(VectorOperators.GT, 0f))
            .and(reading.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
            .and(distance.compare(VectorOperators.GT, -truncation));
    if (!seen.anyTrue()) {
      return false;
    }
    FloatVector value = distance.mul(perTruncation).min(1f).max(-1f);
    FloatVector oldDistance = FloatVector.fromArray(SPECIES, distances, at);
    FloatVector oldWeight = FloatVector.fromArray(SPECIES, weights, at);
    FloatVector weight = weight(reading).mul(distance.add(truncation).mul(perFalloff).min(1f));
    FloatVector sum = oldWeight.add(weight);
    FloatVector newDistance = oldWeight.mul(oldDistance).add(weight.mul(value)).div(sum);
    FloatVector newWeight = sum.min(FusedDepth.MAX_WEIGHT);
    VectorMask<Float> changed =
        seen.and(
            newDistance
                .compare(VectorOperators.NE, oldDistance)
                .or(newWeight.compare(VectorOperators.NE, oldWeight)));
    oldDistance.blend(newDistance, seen).intoArray(distances, at);
    oldWeight.blend(newWeight, seen).intoArray(weights, at);
    return changed.anyTrue();
  }

  /** Readings of the pixels at these columns and rows. */
  private FloatVector read(FloatVector u, FloatVector v) {
    v.convert(VectorOperators.F2I, 0)
        .reinterpretAsInts()
        .mul(camera.width())
        .add(u.convert(VectorOperators.F2I, 0).reinterpretAsInts())
        .intoArray(pixels, 0);
    for (int lane = 0; lane < LANES; lane++) {
      readings[lane] = depth[pixels[lane]];
    }
    return FloatVector.fromArray(SPECIES, readings, 0);
  }

  /** See {@link DepthNoise#weight}. */
  private static FloatVector weight(FloatVector reading) {
    FloatVector beyond = reading.sub((float) DepthNoise.NEAREST);
    FloatVector sigma =
        beyond.mul(beyond).mul((float) DepthNoise.GROWTH).add((float) DepthNoise.FLOOR);
    FloatVector relative = sigma.broadcast((float) DepthNoise.AT_ONE_METRE).div(sigma);
    return relative.mul(relative);
  }
}
