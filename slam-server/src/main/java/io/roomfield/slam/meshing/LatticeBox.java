package io.roomfield.slam.meshing;

/**
 * A box of points of the world's lattice: the point {@code (i, j, k)} sits at {@code (i, j, k) *
 * spacing} metres.
 *
 * @param x first index of its points along x
 * @param y first index along y
 * @param z first index along z
 * @param sizeX points along x, > 0
 * @param sizeY points along y, > 0
 * @param sizeZ points along z, > 0
 */
record LatticeBox(int x, int y, int z, int sizeX, int sizeY, int sizeZ) {
  int pointCount() {
    return Math.multiplyExact(Math.multiplyExact(sizeX, sizeY), sizeZ);
  }

  /** Where the point at these offsets from the first is in an array of the box, x fastest. */
  int index(int dx, int dy, int dz) {
    return (dz * sizeY + dy) * sizeX + dx;
  }
}
