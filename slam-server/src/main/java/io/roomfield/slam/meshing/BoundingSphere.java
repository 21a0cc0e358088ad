package io.roomfield.slam.meshing;

import io.roomfield.slam.isosurface.LatticeBox;

/** A sphere in world metres. */
record BoundingSphere(double x, double y, double z, double radius) {
  /** The smallest around a box of lattice points. */
  static BoundingSphere of(LatticeBox box, double spacing) {
    double halfX = 0.5 * (box.sizeX() - 1) * spacing;
    double halfY = 0.5 * (box.sizeY() - 1) * spacing;
    double halfZ = 0.5 * (box.sizeZ() - 1) * spacing;
    return new BoundingSphere(
        box.x() * spacing + halfX,
        box.y() * spacing + halfY,
        box.z() * spacing + halfZ,
        Math.sqrt(halfX * halfX + halfY * halfY + halfZ * halfZ));
  }
}
