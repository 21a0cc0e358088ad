package io.roomfield.slam.isosurface;

/**
 * A box of lattice points whose occupied space is to get a surface, and what is known of them
 * beforehand.
 *
 * @param box which points, at most {@link #MAX_POINTS}
 * @param spacing metres between them
 * @param border outer layers of points that serve gradients only, as {@link MarchingCubes#march}
 * @param classes {@code [sizeZ, sizeY, sizeX]} {@link #UNKNOWN}, {@link #FREE} or {@link #NEAR}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record OccupancyLattice(LatticeBox box, double spacing, int border, byte[] classes) {
  /** No triangle touches it. */
  public static final byte UNKNOWN = 0;

  /** Outside, and the map is not asked. */
  public static final byte FREE = 1;

  /** The map is asked: inside where its occupancy logit is above 0. */
  public static final byte NEAR = 2;

  /** The value of points that are free. */
  public static final float FREE_LOGIT = -1f;

  /** All counts of vertices and triangles stay far below 2^31. */
  public static final int MAX_POINTS = 1 << 24;

  /**
   * @throws IllegalArgumentException naming what was expected and what came
   */
  public OccupancyLattice {
    if (box.pointCount() > MAX_POINTS) {
      throw new IllegalArgumentException(
          "lattice: %d points (expected: at most %d)".formatted(box.pointCount(), MAX_POINTS));
    }
    if (classes.length != box.pointCount()) {
      throw new IllegalArgumentException(
          "lattice: %d classes (expected: %d for %s)"
              .formatted(classes.length, box.pointCount(), box));
    }
    if (border < 0) {
      throw new IllegalArgumentException("lattice: border %d (expected: >= 0)".formatted(border));
    }
  }

  /** World metres of a point along an axis. */
  public float metres(int point, int axis) {
    return (float) ((box.first(axis) + box.offset(point, axis)) * spacing);
  }

  /** What a map whose logit at a point is not finite is refused with. */
  public ArithmeticException notFinite(int point, float logit) {
    return new ArithmeticException(
        "logit %s at (%.3f, %.3f, %.3f) m (expected: finite)"
            .formatted(logit, metres(point, 0), metres(point, 1), metres(point, 2)));
  }
}
