package io.roomfield.rooms;

import io.roomfield.geometry.TriangleMesh;
import io.roomfield.rooms.BoundingVolumeHierarchy.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Triangulates a scene's surface inside a box: naive surface nets (Gibson 1998) over a lattice,
 * with every vertex then moved onto the exact surface by Newton steps. Details finer than the
 * lattice may be lost. The lattice is walked in blocks; those that the surface cannot reach are
 * skipped.
 */
final class SurfaceNets {
  /** Cells along a block's edge. */
  private static final int BLOCK = 4;

  private static final int CORNERS = BLOCK + 1;

  /** The distance function is exact beside one surface; edges need a few more steps. */
  private static final int NEWTON_STEPS = 8;

  /** A vertex so near is on the surface, in metres: finer than its float32 coordinates. */
  private static final double ON_SURFACE = 1e-7;

  /** Cells along an edge of the lattice stay below this, so that three fit a long. */
  private static final int KEY_BITS = 20;

  private final SignedDistanceScene scene;
  private final double[] min;
  private final double resolution;
  private final int[] blocks = new int[3];

  private SurfaceNets(SignedDistanceScene scene, double[] min, double[] max, double resolution) {
    this.scene = scene;
    this.min = min;
    this.resolution = resolution;
    for (int a = 0; a < 3; a++) {
      blocks[a] = (int) Math.ceil((max[a] - min[a]) / (BLOCK * resolution));
      if (blocks[a] * BLOCK >= 1 << KEY_BITS) {
        throw new IllegalArgumentException(
            "resolution: %s m (expected: coarser, for a box of %s m)"
                .formatted(resolution, max[a] - min[a]));
      }
    }
  }

  /**
   * The surface between two corners of the world; positions and faces only.
   *
   * @param resolution the lattice's cell edge in metres
   * @throws IllegalArgumentException if the resolution is not positive or too fine for the box
   */
  static TriangleMesh triangulate(
      SignedDistanceScene scene, double[] min, double[] max, double resolution) {
    if (!(resolution > 0)) {
      throw new IllegalArgumentException("resolution: %s m (expected: > 0)".formatted(resolution));
    }
    return new SurfaceNets(scene, min, max, resolution).triangulate();
  }

  /**
   * A block's part of the surface.
   *
   * @param cells keys of the cells that the surface crosses
   * @param positions a vertex for each of them
   * @param edges lattice edges that the surface crosses
   */
  private record Part(List<Long> cells, List<double[]> positions, List<CrossedEdge> edges) {}

  /**
   * The edge from lattice point (i, j, k) along an axis; whether its first end is in free space.
   */
  private record CrossedEdge(int i, int j, int k, int axis, boolean startsFree) {}

  private TriangleMesh triangulate() {
    List<Part> parts =
        IntStream.range(0, blocks[0] * blocks[1] * blocks[2])
            .parallel()
            .mapToObj(this::part)
            .filter(part -> !part.cells.isEmpty())
            .toList();
    Map<Long, Integer> vertexOfCell = new HashMap<>();
    int count = parts.stream().mapToInt(part -> part.cells.size()).sum();
    float[] positions = new float[3 * count];
    for (Part part : parts) {
      for (int i = 0; i < part.cells.size(); i++) {
        int vertex = vertexOfCell.size();
        vertexOfCell.put(part.cells.get(i), vertex);
        for (int a = 0; a < 3; a++) {
          positions[3 * vertex + a] = (float) part.positions.get(i)[a];
        }
      }
    }
    List<int[]> quads = new ArrayList<>();
    for (Part part : parts) {
      for (CrossedEdge edge : part.edges) {
        int[] quad = quad(edge, vertexOfCell);
        if (quad != null) {
          quads.add(quad);
        }
      }
    }
    int[] faces = quads.stream().flatMapToInt(SurfaceNets::twoTriangles).toArray();
    return new TriangleMesh(positions, null, null, faces);
  }

  private Part part(int block) {
    int[] base = {
      BLOCK * (block % blocks[0]),
      BLOCK * (block / blocks[0] % blocks[1]),
      BLOCK * (block / (blocks[0] * blocks[1]))
    };
    Part part = new Part(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    double half = BLOCK * resolution / 2;
    double[] corner = point(base[0], base[1], base[2]);
    double reach = half * Math.sqrt(3);
    double[] centre = {corner[0] + half, corner[1] + half, corner[2] + half};
    double distance = scene.distanceWithin(2 * reach, centre[0], centre[1], centre[2]);
    if (Math.abs(distance) > reach) {
      return part;
    }
    double[] values = new double[CORNERS * CORNERS * CORNERS];
    for (int n = 0; n < values.length; n++) {
      double[] p =
          point(
              base[0] + n % CORNERS,
              base[1] + n / CORNERS % CORNERS,
              base[2] + n / (CORNERS * CORNERS));
      values[n] = scene.distanceWithin(2 * resolution, p[0], p[1], p[2]);
    }
    for (int n = 0; n < BLOCK * BLOCK * BLOCK; n++) {
      int[] cell = {n % BLOCK, n / BLOCK % BLOCK, n / (BLOCK * BLOCK)};
      addVertex(part, base, cell, values);
      addEdges(part, base, cell, values);
    }
    return part;
  }

  private static int corner(int[] cell, int which) {
    int i = cell[0] + (which & 1);
    int j = cell[1] + (which >> 1 & 1);
    int k = cell[2] + (which >> 2 & 1);
    return (k * CORNERS + j) * CORNERS + i;
  }

  /** The mean of the crossings of the cell's twelve edges, then onto the surface. */
  private void addVertex(Part part, int[] base, int[] cell, double[] values) {
    double[] sum = new double[3];
    int crossings = 0;
    for (int from = 0; from < 8; from++) {
      for (int axis = 0; axis < 3; axis++) {
        int to = from | 1 << axis;
        double a = values[corner(cell, from)];
        double b = values[corner(cell, to)];
        if (to == from || a > 0 == b > 0) {
          continue;
        }
        for (int c = 0; c < 3; c++) {
          sum[c] += (from >> c & 1) + (c == axis ? a / (a - b) : 0);
        }
        crossings++;
      }
    }
    if (crossings == 0) {
      return;
    }
    double[] p =
        point(
            base[0] + cell[0] + sum[0] / crossings,
            base[1] + cell[1] + sum[1] / crossings,
            base[2] + cell[2] + sum[2] / crossings);
    part.cells.add(key(base[0] + cell[0], base[1] + cell[1], base[2] + cell[2]));
    part.positions.add(ontoSurface(p));
  }

  /** The three edges from the cell's first corner: so every edge is found once. */
  private static void addEdges(Part part, int[] base, int[] cell, double[] values) {
    boolean free = values[corner(cell, 0)] > 0;
    for (int axis = 0; axis < 3; axis++) {
      if (values[corner(cell, 1 << axis)] > 0 != free) {
        part.edges.add(
            new CrossedEdge(base[0] + cell[0], base[1] + cell[1], base[2] + cell[2], axis, free));
      }
    }
  }

  private double[] ontoSurface(double[] start) {
    double[] p = start.clone();
    for (int step = 0; step < NEWTON_STEPS; step++) {
      Nearest nearest = scene.nearest(p[0], p[1], p[2]);
      if (Math.abs(nearest.distance()) < ON_SURFACE) {
        break;
      }
      double[] normal = nearest.object().normal(p[0], p[1], p[2]);
      for (int a = 0; a < 3; a++) {
        p[a] -= nearest.distance() * normal[a];
      }
    }
    return p;
  }

  /** The vertices of the four cells about an edge, counter-clockwise seen from free space. */
  private static int[] quad(CrossedEdge edge, Map<Long, Integer> vertexOfCell) {
    int[] quad = new int[4];
    for (int n = 0; n < 4; n++) {
      int[] cell = {edge.i, edge.j, edge.k};
      cell[(edge.axis + 1) % 3] -= n == 1 || n == 2 ? 1 : 0;
      cell[(edge.axis + 2) % 3] -= n >= 2 ? 1 : 0;
      Integer vertex =
          cell[0] < 0 || cell[1] < 0 || cell[2] < 0
              ? null
              : vertexOfCell.get(key(cell[0], cell[1], cell[2]));
      if (vertex == null) {
        return null; // the edge lies on the lattice's rim
      }
      quad[edge.startsFree ? 3 - n : n] = vertex;
    }
    return quad;
  }

  private static IntStream twoTriangles(int[] q) {
    return IntStream.of(q[0], q[1], q[2], q[0], q[2], q[3]);
  }

  private double[] point(double i, double j, double k) {
    return new double[] {min[0] + i * resolution, min[1] + j * resolution, min[2] + k * resolution};
  }

  private static long key(long i, long j, long k) {
    return (k << KEY_BITS | j) << KEY_BITS | i;
  }
}
