package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.LANES;
import static io.roomfield.slam.compute.vector.Tile.POINTS;
import static io.roomfield.slam.compute.vector.Tile.SPECIES;

import io.roomfield.slam.field.FeatureGrid;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Trilinear interpolation of one feature grid on tiles, and its backward passes towards the
 * features (scatter-add) and the position. Channels are contiguous in the grid, so a corner is a
 * few vector loads; results are transposed to the tiles' feature-major order. One instance serves
 * one level of one chunk and remembers the corners of every tile for the backward pass.
 */
final class GridKernels {
  private static final int CORNERS = 8;
  private static final int ABSENT = -1;

  /** Channels that do not fill a whole vector go by fours: every grid's are a multiple of 4. */
  private static final VectorSpecies<Float> QUAD = FloatVector.SPECIES_128;

  private static final int EDGE_MASK = FeatureGrid.BLOCK_EDGE - 1;

  /** Block number per corner, or ABSENT; {@code [tiles * 64, 8]}, corner bits x, y, z. */
  private final int[] cornerBlock;

  /** First feature of the corner inside its block. */
  private final int[] cornerOffset;

  /** Position inside the cell, 0..1: {@code [tiles * 64, 3]}. */
  private final float[] fraction;

  private final float[] pointMajor;
  private final float[] cornerWeight = new float[CORNERS];
  private FeatureGrid grid;

  GridKernels(int tiles, int maxChannels) {
    cornerBlock = new int[tiles * POINTS * CORNERS];
    cornerOffset = new int[tiles * POINTS * CORNERS];
    fraction = new float[tiles * POINTS * 3];
    pointMajor = new float[POINTS * maxChannels];
  }

  /** Chooses the grid that the next tiles read. */
  void read(FeatureGrid from) {
    grid = from;
  }

  /**
   * Interpolates a tile.
   *
   * @param p positions {@code [3, 64]}
   * @param c written, {@code [channels, 64]} at {@code cAt}
   */
  void interpolate(int tile, float[] p, int pAt, float[] c, int cAt) {
    int channels = grid.channels();
    double scale = 1 / grid.voxelEdge();
    for (int i = 0; i < POINTS; i++) {
      int point = tile * POINTS + i;
      locate(
          point, p[pAt + i] * scale, p[pAt + POINTS + i] * scale, p[pAt + 2 * POINTS + i] * scale);
      gather(point, channels, i * channels);
    }
    Tile.fromRows(pointMajor, 0, POINTS, channels, c, cAt);
  }

  private void locate(int point, double x, double y, double z) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    int z0 = (int) Math.floor(z);
    fraction[3 * point] = (float) (x - x0);
    fraction[3 * point + 1] = (float) (y - y0);
    fraction[3 * point + 2] = (float) (z - z0);
    int channels = grid.channels();
    int at = point * CORNERS;
    boolean inside =
        (x0 & EDGE_MASK) != EDGE_MASK
            && (y0 & EDGE_MASK) != EDGE_MASK
            && (z0 & EDGE_MASK) != EDGE_MASK;
    int block = inside ? blockOf(x0, y0, z0) : ABSENT;
    for (int k = 0; k < CORNERS; k++) {
      int cx = x0 + (k & 1);
      int cy = y0 + ((k >> 1) & 1);
      int cz = z0 + (k >> 2);
      cornerBlock[at + k] = inside ? block : blockOf(cx, cy, cz);
      int local =
          ((cz & EDGE_MASK) * FeatureGrid.BLOCK_EDGE + (cy & EDGE_MASK)) * FeatureGrid.BLOCK_EDGE
              + (cx & EDGE_MASK);
      cornerOffset[at + k] = local * channels;
    }
  }

  private int blockOf(int x, int y, int z) {
    return grid.blockAt(
        x >> FeatureGrid.BLOCK_SHIFT, y >> FeatureGrid.BLOCK_SHIFT, z >> FeatureGrid.BLOCK_SHIFT);
  }

  private void weights(int point) {
    float fx = fraction[3 * point];
    float fy = fraction[3 * point + 1];
    float fz = fraction[3 * point + 2];
    for (int k = 0; k < CORNERS; k++) {
      cornerWeight[k] =
          ((k & 1) != 0 ? fx : 1 - fx)
              * ((k & 2) != 0 ? fy : 1 - fy)
              * ((k & 4) != 0 ? fz : 1 - fz);
    }
  }

  private void gather(int point, int channels, int out) {
    weights(point);
    int first = point * CORNERS;
    int c = 0;
    for (; c + LANES <= channels; c += LANES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int k = 0; k < CORNERS; k++) {
        int block = cornerBlock[first + k];
        if (block != ABSENT) {
          sum =
              FloatVector.fromArray(SPECIES, grid.block(block), cornerOffset[first + k] + c)
                  .fma(FloatVector.broadcast(SPECIES, cornerWeight[k]), sum);
        }
      }
      sum.intoArray(pointMajor, out + c);
    }
    for (; c < channels; c += QUAD.length()) {
      FloatVector sum = FloatVector.zero(QUAD);
      for (int k = 0; k < CORNERS; k++) {
        int block = cornerBlock[first + k];
        if (block != ABSENT) {
          sum =
              FloatVector.fromArray(QUAD, grid.block(block), cornerOffset[first + k] + c)
                  .fma(FloatVector.broadcast(QUAD, cornerWeight[k]), sum);
        }
      }
      sum.intoArray(pointMajor, out + c);
    }
  }

  /**
   * Adds {@code dL/dfeature = weight * dL/dc} to the gradient of every corner whose block has one.
   *
   * @param g {@code dL/dc [channels, 64]} at {@code gAt}
   * @param gradient by block number; entries may be null or missing
   */
  void scatter(int tile, float[] g, int gAt, float[][] gradient) {
    int channels = grid.channels();
    Tile.toRows(g, gAt, POINTS, channels, pointMajor, 0);
    for (int i = 0; i < POINTS; i++) {
      int point = tile * POINTS + i;
      weights(point);
      for (int k = 0; k < CORNERS; k++) {
        int block = cornerBlock[point * CORNERS + k];
        if (block != ABSENT && block < gradient.length && gradient[block] != null) {
          addScaled(
              gradient[block],
              cornerOffset[point * CORNERS + k],
              i * channels,
              channels,
              cornerWeight[k]);
        }
      }
    }
  }

  private void addScaled(float[] target, int at, int from, int channels, float w) {
    int c = 0;
    for (; c + LANES <= channels; c += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, target, at + c);
      FloatVector.fromArray(SPECIES, pointMajor, from + c)
          .fma(FloatVector.broadcast(SPECIES, w), sum)
          .intoArray(target, at + c);
    }
    for (; c < channels; c += QUAD.length()) {
      FloatVector sum = FloatVector.fromArray(QUAD, target, at + c);
      FloatVector.fromArray(QUAD, pointMajor, from + c)
          .fma(FloatVector.broadcast(QUAD, w), sum)
          .intoArray(target, at + c);
    }
  }

  /**
   * Adds the gradient towards the position through the trilinear weights: {@code dL/dx = sum_k
   * dw_k/dx <g, feature_k> / voxelEdge}, and so for y and z.
   *
   * @param g {@code dL/dc [channels, 64]} at {@code gAt}
   * @param dp {@code dL/dp [3, 64]}, added to
   */
  void positionGradient(int tile, float[] g, int gAt, float[] dp, int dpAt) {
    int channels = grid.channels();
    Tile.toRows(g, gAt, POINTS, channels, pointMajor, 0);
    float inverseEdge = (float) (1 / grid.voxelEdge());
    for (int i = 0; i < POINTS; i++) {
      int point = tile * POINTS + i;
      float fx = fraction[3 * point];
      float fy = fraction[3 * point + 1];
      float fz = fraction[3 * point + 2];
      float dx = 0;
      float dy = 0;
      float dz = 0;
      for (int k = 0; k < CORNERS; k++) {
        int block = cornerBlock[point * CORNERS + k];
        if (block == ABSENT) {
          continue;
        }
        float dot =
            dot(grid.block(block), cornerOffset[point * CORNERS + k], i * channels, channels);
        float wx = (k & 1) != 0 ? fx : 1 - fx;
        float wy = (k & 2) != 0 ? fy : 1 - fy;
        float wz = (k & 4) != 0 ? fz : 1 - fz;
        dx += ((k & 1) != 0 ? dot : -dot) * wy * wz;
        dy += ((k & 2) != 0 ? dot : -dot) * wx * wz;
        dz += ((k & 4) != 0 ? dot : -dot) * wx * wy;
      }
      dp[dpAt + i] += dx * inverseEdge;
      dp[dpAt + POINTS + i] += dy * inverseEdge;
      dp[dpAt + 2 * POINTS + i] += dz * inverseEdge;
    }
  }

  private float dot(float[] features, int at, int from, int channels) {
    FloatVector sum = FloatVector.zero(SPECIES);
    int c = 0;
    for (; c + LANES <= channels; c += LANES) {
      sum =
          FloatVector.fromArray(SPECIES, features, at + c)
              .fma(FloatVector.fromArray(SPECIES, pointMajor, from + c), sum);
    }
    FloatVector rest = FloatVector.zero(QUAD);
    for (; c < channels; c += QUAD.length()) {
      rest =
          FloatVector.fromArray(QUAD, features, at + c)
              .fma(FloatVector.fromArray(QUAD, pointMajor, from + c), rest);
    }
    return Tile.sum(sum) + (rest.lane(0) + rest.lane(1)) + (rest.lane(2) + rest.lane(3));
  }
}
