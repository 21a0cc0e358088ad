package io.roomfield.slam.client.eval;

import java.util.Arrays;

/**
 * Distance from a point to the nearest point of a triangle surface, exact: a bounding volume
 * hierarchy over the triangles in Morton order. Triangles without area do not count. Immutable and
 * safe for many threads.
 */
final class SurfaceDistance {
  private static final int TRIANGLES_PER_LEAF = 4;
  private static final int MORTON_BITS = 10;

  private final double[] positions;
  private final int[] corners;
  private final int leaves;

  /** {@code [2 * leaves, 6]}: least x, y, z, largest x, y, z; node k has children 2k and 2k + 1. */
  private final double[] boxes;

  /**
   * Builds the hierarchy.
   *
   * @param positions {@code [vertices, 3]}
   * @param faces {@code [faces, 3]}
   * @throws IllegalArgumentException if no triangle has an area
   */
  SurfaceDistance(double[] positions, int[] faces) {
    this.positions = positions;
    this.corners = inMortonOrder(positions, faces);
    if (corners.length == 0) {
      throw new IllegalArgumentException(
          "surface: %d faces, none with an area (expected: one or more)"
              .formatted(faces.length / 3));
    }
    int filled = (corners.length / 3 + TRIANGLES_PER_LEAF - 1) / TRIANGLES_PER_LEAF;
    this.leaves = filled == 1 ? 1 : Integer.highestOneBit(filled - 1) * 2;
    this.boxes = new double[2 * leaves * 6];
    for (int node = 2 * leaves - 1; node > 0; node--) {
      fillBox(node);
    }
  }

  /** Distance in the positions' unit. */
  double to(double x, double y, double z) {
    return Math.sqrt(search(1, new double[] {x, y, z}, Double.POSITIVE_INFINITY));
  }

  private double search(int node, double[] p, double best) {
    if (node >= leaves) {
      return searchLeaf(node - leaves, p, best);
    }
    double left = boxSquared(2 * node, p);
    double right = boxSquared(2 * node + 1, p);
    int near = left <= right ? 2 * node : 2 * node + 1;
    double found = best;
    if (Math.min(left, right) < found) {
      found = search(near, p, found);
    }
    if (Math.max(left, right) < found) {
      found = search(near ^ 1, p, found);
    }
    return found;
  }

  private double searchLeaf(int leaf, double[] p, double best) {
    double found = best;
    int end = Math.min(corners.length, 3 * (leaf + 1) * TRIANGLES_PER_LEAF);
    for (int c = 3 * leaf * TRIANGLES_PER_LEAF; c < end; c += 3) {
      found = Math.min(found, triangleSquared(corners[c], corners[c + 1], corners[c + 2], p));
    }
    return found;
  }

  private double boxSquared(int node, double[] p) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double outside = Math.max(boxes[6 * node + i] - p[i], p[i] - boxes[6 * node + 3 + i]);
      sum += outside > 0 ? outside * outside : 0;
    }
    return sum;
  }

  /** To the plane where the foot of the perpendicular lies inside, else to the nearest edge. */
  private double triangleSquared(int a, int b, int c, double[] p) {
    double[] x = positions;
    double ux = x[b] - x[a];
    double uy = x[b + 1] - x[a + 1];
    double uz = x[b + 2] - x[a + 2];
    double vx = x[c] - x[a];
    double vy = x[c + 1] - x[a + 1];
    double vz = x[c + 2] - x[a + 2];
    double wx = p[0] - x[a];
    double wy = p[1] - x[a + 1];
    double wz = p[2] - x[a + 2];
    double nx = uy * vz - uz * vy;
    double ny = uz * vx - ux * vz;
    double nz = ux * vy - uy * vx;
    double nn = nx * nx + ny * ny + nz * nz;
    double shareC =
        ((uy * wz - uz * wy) * nx + (uz * wx - ux * wz) * ny + (ux * wy - uy * wx) * nz) / nn;
    double shareB =
        ((wy * vz - wz * vy) * nx + (wz * vx - wx * vz) * ny + (wx * vy - wy * vx) * nz) / nn;
    if (shareB >= 0 && shareC >= 0 && shareB + shareC <= 1) {
      double height = wx * nx + wy * ny + wz * nz;
      return height * height / nn;
    }
    return Math.min(
        segmentSquared(a, b, p), Math.min(segmentSquared(b, c, p), segmentSquared(c, a, p)));
  }

  private double segmentSquared(int a, int b, double[] p) {
    double[] x = positions;
    double ux = x[b] - x[a];
    double uy = x[b + 1] - x[a + 1];
    double uz = x[b + 2] - x[a + 2];
    double wx = p[0] - x[a];
    double wy = p[1] - x[a + 1];
    double wz = p[2] - x[a + 2];
    double along = (ux * wx + uy * wy + uz * wz) / (ux * ux + uy * uy + uz * uz);
    double t = Math.clamp(along, 0.0, 1.0);
    double dx = wx - t * ux;
    double dy = wy - t * uy;
    double dz = wz - t * uz;
    return dx * dx + dy * dy + dz * dz;
  }

  private void fillBox(int node) {
    int at = 6 * node;
    Arrays.fill(boxes, at, at + 3, Double.POSITIVE_INFINITY);
    Arrays.fill(boxes, at + 3, at + 6, Double.NEGATIVE_INFINITY);
    if (node >= leaves) {
      int leaf = node - leaves;
      int end = Math.min(corners.length, 3 * (leaf + 1) * TRIANGLES_PER_LEAF);
      for (int c = 3 * leaf * TRIANGLES_PER_LEAF; c < end; c++) {
        grow(at, positions, corners[c], corners[c]);
      }
    } else {
      grow(at, boxes, 12 * node, 12 * node + 3);
      grow(at, boxes, 12 * node + 6, 12 * node + 9);
    }
  }

  private void grow(int box, double[] from, int least, int largest) {
    for (int i = 0; i < 3; i++) {
      boxes[box + i] = Math.min(boxes[box + i], from[least + i]);
      boxes[box + 3 + i] = Math.max(boxes[box + 3 + i], from[largest + i]);
    }
  }

  /** Offsets into positions, three per triangle with an area, neighbours in space close by. */
  private static int[] inMortonOrder(double[] positions, int[] faces) {
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double extent = Double.MIN_NORMAL;
    for (int i = 0; i < positions.length; i++) {
      least[i % 3] = Math.min(least[i % 3], positions[i]);
    }
    for (int i = 0; i < positions.length; i++) {
      extent = Math.max(extent, positions[i] - least[i % 3]);
    }
    long[] keys = new long[faces.length / 3];
    int count = 0;
    for (int f = 0; f < faces.length; f += 3) {
      if (SurfaceSampler.area(positions, faces, f) > 0) {
        long code = 0;
        for (int axis = 0; axis < 3; axis++) {
          double sum = 0;
          for (int corner = 0; corner < 3; corner++) {
            sum += positions[3 * faces[f + corner] + axis] - least[axis];
          }
          code |= spread((int) (sum / 3 / extent * ((1 << MORTON_BITS) - 1))) << axis;
        }
        keys[count++] = code << Integer.SIZE | f;
      }
    }
    Arrays.parallelSort(keys, 0, count);
    int[] corners = new int[3 * count];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = 3 * faces[(int) keys[i / 3] + i % 3];
    }
    return corners;
  }

  /** Puts two zero bits between the bits of {@code value}. */
  private static long spread(int value) {
    long spread = 0;
    for (int bit = 0; bit < MORTON_BITS; bit++) {
      spread |= (long) (value >> bit & 1) << (3 * bit);
    }
    return spread;
  }
}
