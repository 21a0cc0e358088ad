package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** A mesh that grows chunk by chunk; vertices on the seams between chunks are shared. */
final class MeshBuilder {
  private static final int INITIAL_VERTICES = 1 << 12;

  private final EdgeIndex seams = new EdgeIndex();
  private float[] positions = new float[3 * INITIAL_VERTICES];
  private float[] normals = new float[3 * INITIAL_VERTICES];
  private int vertexCount;
  private int[] faces = new int[6 * INITIAL_VERTICES];
  private int faceCount;

  /** Vertices on edges that more than one chunk sees. */
  EdgeIndex seams() {
    return seams;
  }

  int faceCount() {
    return faceCount;
  }

  /**
   * @param position world metres
   * @param normal unit length
   * @return the vertex's number
   */
  int addVertex(double[] position, double[] normal) {
    int at = 3 * vertexCount;
    if (at == positions.length) {
      positions = Arrays.copyOf(positions, 2 * at);
      normals = Arrays.copyOf(normals, 2 * at);
    }
    for (int d = 0; d < 3; d++) {
      positions[at + d] = (float) position[d];
      normals[at + d] = (float) normal[d];
    }
    return vertexCount++;
  }

  void addFace(int a, int b, int c) {
    int at = 3 * faceCount;
    if (at == faces.length) {
      faces = Arrays.copyOf(faces, 2 * at);
    }
    faces[at] = a;
    faces[at + 1] = b;
    faces[at + 2] = c;
    faceCount++;
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
