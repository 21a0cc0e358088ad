package io.roomfield.slam.isosurface;

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
public record LatticeBox(int x, int y, int z, int sizeX, int sizeY, int sizeZ) {
  public int pointCount() {
    return Math.multiplyExact(Math.multiplyExact(sizeX, sizeY), sizeZ);
  }

  /** Where the point at these offsets from the first is in an array of the box, x fastest. */
  public int index(int dx, int dy, int dz) {
    return (dz * sizeY + dy) * sizeX + dx;
  }

  /** How far apart neighbours along an axis (0, 1 or 2) are in an array of the box. */
  public int stride(int axis) {
    return axis == 0 ? 1 : axis == 1 ? sizeX : sizeX * sizeY;
  }

  /** Points along an axis. */
  public int size(int axis) {
    return axis == 0 ? sizeX : axis == 1 ? sizeY : sizeZ;
  }

  /** First index of its points along an axis. */
  public int first(int axis) {
    return axis == 0 ? x : axis == 1 ? y : z;
  }

  /** A point's offset from the first along an axis, where it is in an array: {@link #index}. */
  public int offset(int index, int axis) {
    return index / stride(axis) % size(axis);
  }
}
