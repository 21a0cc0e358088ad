package io.roomfield.slam.compute.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The unit of work of the vector kernels: {@value #POINTS} points, activations feature-major,
 * {@code [features, 64]}, so that a vector holds the same feature of neighbouring points.
 */
final class Tile {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();
  static final int POINTS = 64;

  private Tile() {}

  /** The number of tiles that hold this many points. */
  static int count(int points) {
    return (points + POINTS - 1) / POINTS;
  }
}
