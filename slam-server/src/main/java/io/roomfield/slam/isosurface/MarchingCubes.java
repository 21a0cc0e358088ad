package io.roomfield.slam.isosurface;

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
public final class MarchingCubes {
  private final ScalarLattice lattice;
  private final LatticeBox box;
  private final float[] values;
  private final int border;
  private final int[] table;

  /** The case of the cell that begins at each point; 0 for no triangles. */
  private final byte[] cases;

  private int faceCount;

  private MarchingCubes(ScalarLattice lattice, int border) {
    this.lattice = lattice;
    this.border = border;
    box = lattice.box();
    values = lattice.values();
    table = CubeCases.table(box);
    cases = new byte[values.length];
  }

  /**
   * The surface inside a lattice.
   *
   * @param border outer layers of points that serve gradients only: no cell touches their far side
   */
  public static LatticeSurface march(ScalarLattice lattice, int border) {
    MarchingCubes cubes = new MarchingCubes(lattice, border);
    cubes.findCases();
    return cubes.faceCount == 0 ? LatticeSurface.EMPTY : cubes.surface();
  }

  private void findCases() {
    for (int z = border; z < box.sizeZ() - 1 - border; z++) {
      for (int y = border; y < box.sizeY() - 1 - border; y++) {
        for (int x = border; x < box.sizeX() - 1 - border; x++) {
          int at = box.index(x, y, z);
          int inside = insideCorners(at);
          cases[at] = (byte) inside;
          faceCount += (table[inside + 1] - table[inside]) / 3;
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

  private LatticeSurface surface() {
    int[] faces = faceEdges();
    int[] edges = Arrays.stream(faces).sorted().distinct().toArray();
    float[] positions = new float[3 * edges.length];
    float[] normals = new float[3 * edges.length];
    int[] vertexOf = new int[Math.multiplyExact(3, values.length)];
    for (int vertex = 0; vertex < edges.length; vertex++) {
      vertexOf[edges[vertex]] = vertex;
      place(edges[vertex], vertex, positions, normals);
    }
    Arrays.setAll(faces, i -> vertexOf[faces[i]]);
    return new LatticeSurface(edges, positions, normals, faces);
  }

  /** The edges that triangles have their vertices on, cell after cell. */
  private int[] faceEdges() {
    int[] faceEdges = new int[3 * faceCount];
    int count = 0;
    for (int at = 0; at < cases.length; at++) {
      int inside = Byte.toUnsignedInt(cases[at]);
      for (int i = table[inside]; i < table[inside + 1]; i++) {
        faceEdges[count++] = 3 * at + table[i];
      }
    }
    return faceEdges;
  }

  private void place(int edge, int vertex, float[] positions, float[] normals) {
    int axis = edge % 3;
    int at = edge / 3;
    int end = at + box.stride(axis);
    double from = values[at];
    double to = values[end];
    double t = from / (from - to);
    double[] normal = new double[3];
    addOutward(normal, 1 - t, at);
    addOutward(normal, t, end);
    // Squares of differences of floats neither overflow nor vanish in double.
    double length =
        Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
    for (int d = 0; d < 3; d++) {
      double along = box.first(d) + box.offset(at, d) + (d == axis ? t : 0);
      positions[3 * vertex + d] = (float) (along * lattice.spacing());
      // Where differences cancelled, the edge itself still knows which of its ends is outside.
      double straight = d != axis ? 0 : from > to ? 1 : -1;
      normals[3 * vertex + d] = (float) (length > 0 ? normal[d] / length : straight);
    }
  }

  /** Adds {@code weight} times the negative gradient at a lattice point. */
  private void addOutward(double[] into, double weight, int at) {
    for (int d = 0; d < 3; d++) {
      into[d] -= weight * derivative(at, box.offset(at, d), box.size(d), box.stride(d));
    }
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
