package io.roomfield.slam.meshing;

import java.util.Arrays;

/**
 * The level set 0 of a scalar lattice as triangles (Lorensen and Cline, <em>Marching Cubes</em>,
 * SIGGRAPH 1987; cases: {@link CubeCases}).
 *
 * <p>A vertex lies on a lattice edge between an inside and an outside point, where the linearly
 * interpolated value is 0, and is shared by all triangles around it. Its normal is the negative
 * gradient (central differences on the lattice, one-sided beside unknown points), so it points
 * outside. Triangles are counter-clockwise seen from outside. A cell with an unknown corner has
 * none.
 */
final class MarchingCubes {
  private final ScalarLattice lattice;
  private final LatticeBox box;
  private final float[] values;
  private final int border;
  private final MeshBuilder mesh;

  /** Vertex on the edge along each axis from each point, {@code [points, 3]}; -1 for none yet. */
  private final int[] edgeVertex;

  private MarchingCubes(ScalarLattice lattice, int border, MeshBuilder mesh) {
    this.lattice = lattice;
    this.border = border;
    this.mesh = mesh;
    box = lattice.box();
    values = lattice.values();
    edgeVertex = new int[Math.multiplyExact(3, values.length)];
    Arrays.fill(edgeVertex, -1);
  }

  /**
   * Adds the surface inside a lattice to a mesh.
   *
   * @param border outer layers of points that serve gradients only: no cell touches their far side
   */
  static void march(ScalarLattice lattice, int border, MeshBuilder mesh) {
    new MarchingCubes(lattice, border, mesh).march();
  }

  private void march() {
    for (int z = border; z < box.sizeZ() - 1 - border; z++) {
      for (int y = border; y < box.sizeY() - 1 - border; y++) {
        for (int x = border; x < box.sizeX() - 1 - border; x++) {
          int inside = insideCorners(box.index(x, y, z));
          if (inside > 0) {
            addTriangles(inside, x, y, z);
          }
        }
      }
    }
  }

  /** Bit per corner that is inside; 0 also where a corner is unknown. */
  private int insideCorners(int at) {
    int inside = 0;
    for (int corner = 0; corner < CubeCases.CORNERS; corner++) {
      float value = values[at + box.index(corner & 1, corner >> 1 & 1, corner >> 2 & 1)];
      if (Float.isNaN(value)) {
        return 0;
      }
      inside |= value > 0 ? 1 << corner : 0;
    }
    return inside;
  }

  private void addTriangles(int inside, int x, int y, int z) {
    int[] edges = CubeCases.triangles(inside);
    for (int i = 0; i < edges.length; i += 3) {
      int a = vertex(edges[i], x, y, z);
      int b = vertex(edges[i + 1], x, y, z);
      int c = vertex(edges[i + 2], x, y, z);
      mesh.addFace(a, b, c);
    }
  }

  private int vertex(int edge, int cellX, int cellY, int cellZ) {
    int corner = CubeCases.edgeCorner(edge);
    int axis = CubeCases.edgeAxis(edge);
    int x = cellX + (corner & 1);
    int y = cellY + (corner >> 1 & 1);
    int z = cellZ + (corner >> 2 & 1);
    int slot = 3 * box.index(x, y, z) + axis;
    if (edgeVertex[slot] < 0) {
      edgeVertex[slot] = onSeam(x, y, z, axis) ? seamVertex(x, y, z, axis) : add(x, y, z, axis);
    }
    return edgeVertex[slot];
  }

  private boolean onSeam(int x, int y, int z, int axis) {
    return (axis != 0 && isEnd(x, box.sizeX()))
        || (axis != 1 && isEnd(y, box.sizeY()))
        || (axis != 2 && isEnd(z, box.sizeZ()));
  }

  private boolean isEnd(int position, int size) {
    return position == border || position == size - 1 - border;
  }

  private int seamVertex(int x, int y, int z, int axis) {
    long key = EdgeIndex.key(box.x() + x, box.y() + y, box.z() + z, axis);
    int vertex = mesh.seams().get(key);
    if (vertex < 0) {
      vertex = add(x, y, z, axis);
      mesh.seams().put(key, vertex);
    }
    return vertex;
  }

  private int add(int x, int y, int z, int axis) {
    int stepX = axis == 0 ? 1 : 0;
    int stepY = axis == 1 ? 1 : 0;
    int stepZ = axis == 2 ? 1 : 0;
    double from = values[box.index(x, y, z)];
    double to = values[box.index(x + stepX, y + stepY, z + stepZ)];
    double t = from / (from - to);
    double[] position = {
      (box.x() + x + t * stepX) * lattice.spacing(),
      (box.y() + y + t * stepY) * lattice.spacing(),
      (box.z() + z + t * stepZ) * lattice.spacing()
    };
    double[] normal = new double[3];
    addOutward(normal, 1 - t, x, y, z);
    addOutward(normal, t, x + stepX, y + stepY, z + stepZ);
    double length = Math.hypot(Math.hypot(normal[0], normal[1]), normal[2]);
    if (length > 0) {
      for (int d = 0; d < 3; d++) {
        normal[d] /= length;
      }
    } else {
      // Differences cancelled; the edge itself still knows which of its ends is outside.
      normal[axis] = from > to ? 1 : -1;
    }
    return mesh.addVertex(position, normal);
  }

  /** Adds {@code weight} times the negative gradient at a lattice point. */
  private void addOutward(double[] into, double weight, int x, int y, int z) {
    int at = box.index(x, y, z);
    into[0] -= weight * derivative(at, x, box.sizeX(), 1);
    into[1] -= weight * derivative(at, y, box.sizeY(), box.sizeX());
    into[2] -= weight * derivative(at, z, box.sizeZ(), box.sizeX() * box.sizeY());
  }

  private double derivative(int at, int position, int size, int stride) {
    float before = position > 0 ? values[at - stride] : Float.NaN;
    float after = position < size - 1 ? values[at + stride] : Float.NaN;
    if (Float.isNaN(before)) {
      return Float.isNaN(after) ? 0 : after - values[at];
    }
    return Float.isNaN(after) ? values[at] - before : 0.5 * (after - before);
  }
}
