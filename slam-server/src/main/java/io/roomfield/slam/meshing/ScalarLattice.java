package io.roomfield.slam.meshing;

/**
 * A scalar field on a box of lattice points.
 *
 * @param box which points
 * @param spacing metres between them
 * @param values {@code [sizeZ, sizeY, sizeX]}: above 0 inside, otherwise outside; NaN where unknown
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
record ScalarLattice(LatticeBox box, double spacing, float[] values) {
  ScalarLattice {
    if (values.length != box.pointCount()) {
      throw new IllegalArgumentException(
          "lattice: %d values (expected: %d for %s)"
              .formatted(values.length, box.pointCount(), box));
    }
  }
}
