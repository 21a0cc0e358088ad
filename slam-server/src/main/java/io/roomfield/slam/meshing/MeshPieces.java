package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;
import java.util.Arrays;
import java.util.BitSet;

/** Takes a mesh apart into the pieces that shared vertices connect. */
final class MeshPieces {
  /** Union-find: a vertex's piece is the root it leads to. */
  private final int[] parent;

  /** Per vertex that is a root: the piece's box, {@code [vertices, 3]}. */
  private final float[] min;

  private final float[] max;

  private MeshPieces(TriangleMesh mesh) {
    parent = new int[mesh.vertexCount()];
    Arrays.setAll(parent, i -> i);
    int[] faces = mesh.faces();
    for (int i = 0; i < faces.length; i += 3) {
      join(faces[i], faces[i + 1]);
      join(faces[i], faces[i + 2]);
    }
    min = mesh.positions().clone();
    max = mesh.positions().clone();
    for (int vertex = 0; vertex < parent.length; vertex++) {
      int root = root(vertex);
      for (int d = 0; d < 3; d++) {
        min[3 * root + d] = Math.min(min[3 * root + d], mesh.positions()[3 * vertex + d]);
        max[3 * root + d] = Math.max(max[3 * root + d], mesh.positions()[3 * vertex + d]);
      }
    }
  }

  /**
   * The pieces whose box has an edge of at least {@code minExtentMetres}, and those cut by the
   * requested box, whose true extent is not known; without the vertices that no face uses.
   */
  static TriangleMesh withoutSmall(TriangleMesh mesh, double minExtentMetres, MeshRequest request) {
    BitSet large = large(mesh, minExtentMetres, request);
    int[] kept = new int[3 * large.cardinality()];
    int length = 0;
    for (int face = large.nextSetBit(0); face >= 0; face = large.nextSetBit(face + 1)) {
      System.arraycopy(mesh.faces(), 3 * face, kept, length, 3);
      length += 3;
    }
    return compacted(mesh, kept);
  }

  /** The faces of the pieces that {@link #withoutSmall} keeps. */
  static BitSet large(TriangleMesh mesh, double minExtentMetres, MeshRequest request) {
    MeshPieces pieces = new MeshPieces(mesh);
    BitSet large = new BitSet(mesh.faceCount());
    for (int face = 0; face < mesh.faceCount(); face++) {
      int root = pieces.root(mesh.faces()[3 * face]);
      large.set(face, pieces.extent(root) >= minExtentMetres || pieces.isCut(root, request));
    }
    return large;
  }

  private double extent(int root) {
    double extent = 0;
    for (int d = 0; d < 3; d++) {
      extent = Math.max(extent, max[3 * root + d] - min[3 * root + d]);
    }
    return extent;
  }

  private boolean isCut(int root, MeshRequest request) {
    double reach = request.resolutionMetres();
    for (int d = 0; d < 3 && request.boxMin() != null; d++) {
      if (min[3 * root + d] < request.boxMin()[d] + reach
          || max[3 * root + d] > request.boxMax()[d] - reach) {
        return true;
      }
    }
    return false;
  }

  private void join(int a, int b) {
    int rootA = root(a);
    int rootB = root(b);
    parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private int root(int vertex) {
    int root = vertex;
    while (parent[root] != root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  /** A mesh of these faces alone, without the vertices that they do not use. */
  static TriangleMesh compacted(TriangleMesh mesh, int[] faces) {
    int[] renumbered = new int[mesh.vertexCount()];
    Arrays.fill(renumbered, -1);
    float[] positions = new float[mesh.positions().length];
    float[] normals = new float[positions.length];
    int vertices = 0;
    int[] newFaces = new int[faces.length];
    for (int i = 0; i < faces.length; i++) {
      int old = faces[i];
      if (renumbered[old] < 0) {
        System.arraycopy(mesh.positions(), 3 * old, positions, 3 * vertices, 3);
        System.arraycopy(mesh.normals(), 3 * old, normals, 3 * vertices, 3);
        renumbered[old] = vertices++;
      }
      newFaces[i] = renumbered[old];
    }
    return new TriangleMesh(
        Arrays.copyOf(positions, 3 * vertices),
        Arrays.copyOf(normals, 3 * vertices),
        null,
        newFaces);
  }
}
