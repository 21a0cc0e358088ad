package io.roomfield.slam.client.eval;

import java.util.SplittableRandom;

/** Points spread evenly by area over a triangle surface. */
final class SurfaceSampler {
  private SurfaceSampler() {}

  /**
   * Systematic sampling: the surface is walked face by face in {@code count} equal shares of its
   * area with one point in each share, at random inside its triangle.
   *
   * @param positions {@code [vertices, 3]}
   * @param faces {@code [faces, 3]}
   * @return {@code [count, 3]}
   * @throws IllegalArgumentException if the surface has no area
   */
  static double[] sample(double[] positions, int[] faces, int count, long seed) {
    double total = 0;
    for (int f = 0; f < faces.length; f += 3) {
      total += area(positions, faces, f);
    }
    if (!(total > 0)) {
      throw new IllegalArgumentException(
          "surface: %d faces with area %s (expected: an area to sample)"
              .formatted(faces.length / 3, total));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] points = new double[3 * count];
    double offset = random.nextDouble();
    double walked = 0;
    int taken = 0;
    int lastFace = 0;
    for (int f = 0; f < faces.length; f += 3) {
      double area = area(positions, faces, f);
      walked += area;
      lastFace = area > 0 ? f : lastFace;
      while (taken < count && (taken + offset) / count * total < walked) {
        pointInside(positions, faces, f, random, points, taken++);
      }
    }
    while (taken < count) { // the sum's rounding may leave the last share out
      pointInside(positions, faces, lastFace, random, points, taken++);
    }
    return points;
  }

  /** Area of the triangle whose first corner is {@code faces[f]}. */
  static double area(double[] positions, int[] faces, int f) {
    int a = 3 * faces[f];
    int b = 3 * faces[f + 1];
    int c = 3 * faces[f + 2];
    double ux = positions[b] - positions[a];
    double uy = positions[b + 1] - positions[a + 1];
    double uz = positions[b + 2] - positions[a + 2];
    double vx = positions[c] - positions[a];
    double vy = positions[c + 1] - positions[a + 1];
    double vz = positions[c + 2] - positions[a + 2];
    double nx = uy * vz - uz * vy;
    double ny = uz * vx - ux * vz;
    double nz = ux * vy - uy * vx;
    return Math.sqrt(nx * nx + ny * ny + nz * nz) / 2;
  }

  private static void pointInside(
      double[] positions, int[] faces, int f, SplittableRandom random, double[] points, int index) {
    double root = Math.sqrt(random.nextDouble());
    double shareB = root * random.nextDouble();
    double shareA = 1 - root;
    double shareC = 1 - shareA - shareB;
    for (int i = 0; i < 3; i++) {
      points[3 * index + i] =
          shareA * positions[3 * faces[f] + i]
              + shareB * positions[3 * faces[f + 1] + i]
              + shareC * positions[3 * faces[f + 2] + i];
    }
  }
}
