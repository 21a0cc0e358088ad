package io.roomfield.slam.isosurface;

/**
 * The triangles of a lattice.
 *
 * @param edges {@code [vertices]} the lattice edge that a vertex lies on, {@code 3 * point + axis}
 *     with the lower end's number in the box ({@link LatticeBox#index}); ascending
 * @param positions {@code [vertices, 3]} world metres
 * @param normals {@code [vertices, 3]} unit length, towards the outside
 * @param faces {@code [faces, 3]} vertices, counter-clockwise seen from outside; by cell, in the
 *     order of the cells' first points
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record LatticeSurface(int[] edges, float[] positions, float[] normals, int[] faces) {
  /** Of a lattice without triangles. */
  public static final LatticeSurface EMPTY =
      new LatticeSurface(new int[0], new float[0], new float[0], new int[0]);

  public int vertexCount() {
    return edges.length;
  }

  public int faceCount() {
    return faces.length / 3;
  }
}
