package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.LatticeSurface;
import java.util.Arrays;
import java.util.function.IntPredicate;

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

  /** World metres. */
  double[] faceCentre(int face) {
    return cornerMean(positions, face);
  }

  /** The mean of the corners' normals; not of unit length. */
  double[] faceNormal(int face) {
    return cornerMean(normals, face);
  }

  private double[] cornerMean(float[] triples, int face) {
    double[] mean = new double[3];
    for (int corner = 0; corner < 3; corner++) {
      for (int d = 0; d < 3; d++) {
        mean[d] += triples[3 * faces[3 * face + corner] + d] / 3;
      }
    }
    return mean;
  }

  /** Drops the faces numbered {@code from} and above that the test does not keep. */
  void retainFaces(int from, IntPredicate keep) {
    int kept = from;
    for (int face = from; face < faceCount; face++) {
      if (keep.test(face)) {
        System.arraycopy(faces, 3 * face, faces, 3 * kept++, 3);
      }
    }
    faceCount = kept;
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
