package io.roomfield.slam.fusion;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Fused depth whose voxels are written directly. */
final class FilledDepth {
  /** With {@link FusedDepth#beside}, 8 cm voxels and 32 cm of truncation. */
  static final double FINE_VOXEL = 0.16;

  private FilledDepth() {}

  /** Signed distance in metres at a point in metres. */
  @FunctionalInterface
  interface Distance {
    double at(double x, double y, double z);
  }

  /** Half of the blocks of a cube about the origin, two thirds of their voxels, at random. */
  static FusedDepth random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FusedDepth fused = FusedDepth.beside(FINE_VOXEL);
    for (int i = 0; i < 64; i++) {
      if (random.nextBoolean()) {
        int block = fused.allocate(i % 4 - 2, i / 4 % 4 - 2, i / 16 - 2);
        for (int voxel = 0; voxel < FusedDepth.BLOCK_VOXELS; voxel++) {
          if (random.nextInt(3) > 0) {
            fused.distances(block)[voxel] = (float) random.nextDouble(-1, 1);
            fused.weights(block)[voxel] = 1 + random.nextInt(9);
          }
        }
      }
    }
    return fused;
  }

  /** A cube of blocks about the origin, {@code 2 * reach} of them along an edge. */
  static FusedDepth of(int reach, Distance distance) {
    FusedDepth fused = FusedDepth.beside(FINE_VOXEL);
    for (int z = -reach; z < reach; z++) {
      for (int y = -reach; y < reach; y++) {
        for (int x = -reach; x < reach; x++) {
          fill(fused, fused.allocate(x, y, z), distance);
        }
      }
    }
    return fused;
  }

  /** Writes a block as depth frames from everywhere would: nothing beyond the truncation. */
  static void fill(FusedDepth fused, int block, Distance distance) {
    int edge = FusedDepth.BLOCK_EDGE;
    double voxel = fused.voxelEdge();
    for (int i = 0; i < FusedDepth.BLOCK_VOXELS; i++) {
      double x = (fused.blockX(block) * edge + i % edge) * voxel;
      double y = (fused.blockY(block) * edge + i / edge % edge) * voxel;
      double z = (fused.blockZ(block) * edge + i / (edge * edge)) * voxel;
      double d = distance.at(x, y, z) / fused.truncation();
      fused.weights(block)[i] = d >= -1 ? 1 : 0;
      fused.distances(block)[i] = d >= -1 ? (float) Math.min(1, d) : 0;
    }
  }

  static int[] blocks(FusedDepth fused) {
    return IntStream.range(0, fused.blockCount()).toArray();
  }
}
