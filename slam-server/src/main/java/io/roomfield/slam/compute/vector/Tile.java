package io.roomfield.slam.compute.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The unit of work of the vector kernels: {@value #POINTS} points, activations feature-major,
 * {@code [features, 64]}, so that a vector holds the same feature of neighbouring points.
 */
final class Tile {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();
  static final int POINTS = 64;

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Tile() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane + lanes) % LANES);
  }

  /**
   * The sum of a vector's lanes in one fixed order. {@code reduceLanes} leaves the order open, and
   * interpreted and compiled code do differ, so that a run would depend on when the compiler came.
   */
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (LANES > 8) {
      s = s.add(s.rearrange(BY_8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(BY_4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(BY_2));
    }
    return s.add(s.rearrange(BY_1)).lane(0);
  }

  /**
   * Rows of features as a tile: {@code tile[k, i] = rows[i, k]}; points beyond the rows are zero.
   *
   * @param rows {@code [count, features]} at {@code at}, count to {@value #POINTS}
   * @param tile written, {@code [features, 64]} at {@code tileAt}
   */
  static void fromRows(float[] rows, int at, int count, int features, float[] tile, int tileAt) {
    if (count < POINTS) {
      Arrays.fill(tile, tileAt, tileAt + features * POINTS, 0f);
    }
    for (int k = 0; k < features; k++) {
      for (int i = 0; i < count; i++) {
        tile[tileAt + k * POINTS + i] = rows[at + i * features + k];
      }
    }
  }

  /** A tile's first points as rows: the inverse of {@link #fromRows}. */
  static void toRows(float[] tile, int tileAt, int count, int features, float[] rows, int at) {
    for (int k = 0; k < features; k++) {
      for (int i = 0; i < count; i++) {
        rows[at + i * features + k] = tile[tileAt + k * POINTS + i];
      }
    }
  }

  /** The number of tiles that hold this many points. */
  static int count(int points) {
    return (points + POINTS - 1) / POINTS;
  }
}
