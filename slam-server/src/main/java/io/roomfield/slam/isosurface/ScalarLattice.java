package io.roomfield.slam.isosurface;

/**
 * A scalar field on a box of lattice points.
 *
 * @param box which points
 * @param spacing metres between them
 * @param values {@code [sizeZ, sizeY, sizeX]}: above 0 inside, otherwise outside; NaN where unknown
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record ScalarLattice(LatticeBox box, double spacing, float[] values) {
  /**
   * @throws IllegalArgumentException if there are not as many values as points
   */
  public ScalarLattice {
    if (values.length != box.pointCount()) {
      throw new IllegalArgumentException(
          "lattice: %d values (expected: %d for %s)"
              .formatted(values.length, box.pointCount(), box));
    }
  }
}
