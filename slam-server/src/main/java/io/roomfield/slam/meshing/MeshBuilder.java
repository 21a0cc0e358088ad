package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import java.util.Arrays;

/** A mesh that grows chunk by chunk; vertices on the seams between chunks are shared. */
final class MeshBuilder {
  private static final int INITIAL_VERTICES = 1 << 12;

  /** Vertices on edges that more than one chunk sees. */
  private final EdgeIndex seams = new EdgeIndex();

  private float[] positions = new float[3 * INITIAL_VERTICES];
  private float[] normals = new float[3 * INITIAL_VERTICES];
  private int vertexCount;
  private int[] faces = new int[6 * INITIAL_VERTICES];
  private int faceCount;

  int faceCount() {
    return faceCount;
  }

  /**
   * Adds a chunk's surface.
   *
   * @param border of the chunk's box, as {@code MarchingCubes.march}
   */
  void add(LatticeSurface surface, LatticeBox box, int border) {
    int[] number = new int[surface.vertexCount()];
    for (int vertex = 0; vertex < number.length; vertex++) {
      number[vertex] =
          onSeam(surface.edges()[vertex], box, border)
              ? seamVertex(surface, vertex, box)
              : addVertex(surface, vertex);
    }
    int from = 3 * faceCount;
    int length = surface.faces().length;
    while (from + length > faces.length) {
      faces = Arrays.copyOf(faces, 2 * faces.length);
    }
    for (int i = 0; i < length; i++) {
      faces[from + i] = number[surface.faces()[i]];
    }
    faceCount += surface.faceCount();
  }

  /** Whether an edge lies in the outermost layer of points that cells touch. */
  private static boolean onSeam(int edge, LatticeBox box, int border) {
    for (int d = 0; d < 3; d++) {
      int offset = box.offset(edge / 3, d);
      if (d != edge % 3 && (offset == border || offset == box.size(d) - 1 - border)) {
        return true;
      }
    }
    return false;
  }

  private int seamVertex(LatticeSurface surface, int vertex, LatticeBox box) {
    int edge = surface.edges()[vertex];
    int point = edge / 3;
    long key =
        EdgeIndex.key(
            box.x() + box.offset(point, 0),
            box.y() + box.offset(point, 1),
            box.z() + box.offset(point, 2),
            edge % 3);
    int shared = seams.get(key);
    if (shared < 0) {
      shared = addVertex(surface, vertex);
      seams.put(key, shared);
    }
    return shared;
  }

  private int addVertex(LatticeSurface surface, int vertex) {
    int at = 3 * vertexCount;
    if (at == positions.length) {
      positions = Arrays.copyOf(positions, 2 * at);
      normals = Arrays.copyOf(normals, 2 * at);
    }
    System.arraycopy(surface.positions(), 3 * vertex, positions, at, 3);
    System.arraycopy(surface.normals(), 3 * vertex, normals, at, 3);
    return vertexCount++;
  }

  /** What was built so far, vertices without a face included. */
  TriangleMesh build() {
    return new TriangleMesh(
        Arrays.copyOf(positions, 3 * vertexCount),
        Arrays.copyOf(normals, 3 * vertexCount),
        null,
        Arrays.copyOf(faces, 3 * faceCount));
  }
}
