package io.roomfield.slam.isosurface;

import java.util.Arrays;

/**
 * The triangles of the 256 cases of marching cubes (Lorensen and Cline 1987), built instead of
 * typed: on each face of the cube the inside corners are cut off from the outside ones, a face with
 * two diagonal inside corners always keeping them apart, so that neighbouring cubes agree and no
 * hole opens; the cuts join to loops, and each loop becomes a fan. No diagonal of a fan lies in a
 * face of the cube, where a neighbour's could meet it: every edge of the surface has two triangles.
 *
 * <p>Corner {@code c} is at {@code (c & 1, c >> 1 & 1, c >> 2 & 1)}; bit {@code c} of a case says
 * that it is inside. Four edges run along each axis, from the corners {@link #EDGE_CORNERS}.
 */
public final class CubeCases {
  static final int CORNERS = 8;

  private static final int CASES = 1 << CORNERS;
  private static final int EDGES = 12;
  private static final int FACES = 6;
  private static final int FACE_CORNERS = 4;
  private static final int EDGES_PER_AXIS = 4;

  private static final int[] EDGE_CORNERS = edgeCorners();
  private static final int[][] FACE_LOOPS = faceLoops();
  private static final int[][] TRIANGLES = new int[CASES][];

  static {
    for (int inside = 0; inside < CASES; inside++) {
      TRIANGLES[inside] = triangulate(inside);
    }
  }

  /** Entries of {@link #table}. */
  private static final int ENTRIES =
      CASES + 1 + Arrays.stream(TRIANGLES).mapToInt(edges -> edges.length).sum();

  private CubeCases() {}

  /**
   * The triangles of cells in an array of a box, as one table: entries {@code table[c]} to {@code
   * table[c + 1] - 1} are case c's, three a triangle, counter-clockwise seen from outside. An entry
   * is the edge that a vertex lies on, {@code 3 * (point - first point of the cell) + axis}.
   */
  public static int[] table(LatticeBox box) {
    int[] table = new int[ENTRIES];
    int at = CASES + 1;
    for (int inside = 0; inside < CASES; inside++) {
      table[inside] = at;
      for (int edge : TRIANGLES[inside]) {
        int corner = EDGE_CORNERS[edge];
        int point = box.index(corner & 1, corner >> 1 & 1, corner >> 2 & 1);
        table[at++] = 3 * point + edgeAxis(edge);
      }
    }
    table[CASES] = at;
    return table;
  }

  /** 0, 1 or 2 for x, y or z. */
  private static int edgeAxis(int edge) {
    return edge / EDGES_PER_AXIS;
  }

  private static int[] edgeCorners() {
    int[] corners = new int[EDGES];
    int edge = 0;
    for (int axis = 0; axis < 3; axis++) {
      for (int corner = 0; corner < CORNERS; corner++) {
        if ((corner >> axis & 1) == 0) {
          corners[edge++] = corner;
        }
      }
    }
    return corners;
  }

  /** Corners of each face, counter-clockwise seen from outside the cube. */
  private static int[][] faceLoops() {
    int[][] loops = new int[FACES][];
    for (int axis = 0; axis < 3; axis++) {
      int u = 1 << (axis + 1) % 3;
      int v = 1 << (axis + 2) % 3;
      int top = 1 << axis;
      loops[2 * axis] = new int[] {v, u | v, u, 0};
      loops[2 * axis + 1] = new int[] {top, top | u, top | u | v, top | v};
    }
    return loops;
  }

  private static int edgeBetween(int a, int b) {
    int axis = Integer.numberOfTrailingZeros(a ^ b);
    for (int k = 0; k < EDGES_PER_AXIS; k++) {
      int edge = EDGES_PER_AXIS * axis + k;
      if (EDGE_CORNERS[edge] == Math.min(a, b)) {
        return edge;
      }
    }
    throw new IllegalArgumentException("corners %d and %d share no edge".formatted(a, b));
  }

  private static int[] triangulate(int inside) {
    int[] next = cuts(inside);
    int[] triangles = new int[0];
    for (int start = 0; start < EDGES; start++) {
      int[] loop = new int[EDGES];
      int length = 0;
      for (int edge = start; next[edge] >= 0; ) {
        loop[length++] = edge;
        int following = next[edge];
        next[edge] = -1;
        edge = following;
      }
      if (length > 0) {
        int[] fan = fan(Arrays.copyOf(loop, length));
        triangles = Arrays.copyOf(triangles, triangles.length + fan.length);
        System.arraycopy(fan, 0, triangles, triangles.length - fan.length, fan.length);
      }
    }
    return triangles;
  }

  /**
   * Where the cut that starts at each edge ends, or -1. Walking around a face, a cut goes from
   * where a run of inside corners is entered to where it is left; so its loop runs
   * counter-clockwise seen from outside the surface.
   */
  private static int[] cuts(int inside) {
    int[] next = new int[EDGES];
    Arrays.fill(next, -1);
    for (int[] face : FACE_LOOPS) {
      for (int k = 0; k < FACE_CORNERS; k++) {
        int before = face[(k + FACE_CORNERS - 1) % FACE_CORNERS];
        if (isInside(inside, face[k]) && !isInside(inside, before)) {
          int last = k;
          while (isInside(inside, face[(last + 1) % FACE_CORNERS])) {
            last++;
          }
          next[edgeBetween(before, face[k])] =
              edgeBetween(face[last % FACE_CORNERS], face[(last + 1) % FACE_CORNERS]);
        }
      }
    }
    return next;
  }

  private static boolean isInside(int inside, int corner) {
    return (inside >> corner & 1) != 0;
  }

  private static int[] fan(int[] loop) {
    int length = loop.length;
    for (int apex = 0; apex < length; apex++) {
      if (diagonalsLeaveFaces(loop, apex)) {
        int[] triangles = new int[3 * (length - 2)];
        for (int i = 0; i < length - 2; i++) {
          triangles[3 * i] = loop[apex];
          triangles[3 * i + 1] = loop[(apex + i + 1) % length];
          triangles[3 * i + 2] = loop[(apex + i + 2) % length];
        }
        return triangles;
      }
    }
    throw new IllegalStateException("no fan for the loop " + Arrays.toString(loop));
  }

  private static boolean diagonalsLeaveFaces(int[] loop, int apex) {
    for (int i = 2; i < loop.length - 1; i++) {
      if (shareFace(loop[apex], loop[(apex + i) % loop.length])) {
        return false;
      }
    }
    return true;
  }

  private static boolean shareFace(int edgeA, int edgeB) {
    int allEnds = EDGE_CORNERS[edgeA] & EDGE_CORNERS[edgeB];
    int anyEnd =
        EDGE_CORNERS[edgeA] | EDGE_CORNERS[edgeB] | 1 << edgeAxis(edgeA) | 1 << edgeAxis(edgeB);
    // A common face: one coordinate is 1 at all four ends, or 0 at all four.
    return allEnds != 0 || anyEnd != CORNERS - 1;
  }
}
