package io.roomfield.slam.meshing;

/**
 * Which mesh is wanted. A box is widened to whole cells of the lattice.
 *
 * @param resolutionMetres edge of the lattice, 0.005 to 0.5
 * @param boxMin smallest corner of the part of the map that is wanted, world metres; null for all
 * @param boxMax largest corner; null for all
 * @param colours whether vertices get colours
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record MeshRequest(
    double resolutionMetres, double[] boxMin, double[] boxMax, boolean colours) {
  public static final double MIN_RESOLUTION = 0.005;
  public static final double MAX_RESOLUTION = 0.5;

  /**
   * @throws IllegalArgumentException naming the field, what was expected and what came
   */
  public MeshRequest {
    if (!(resolutionMetres >= MIN_RESOLUTION && resolutionMetres <= MAX_RESOLUTION)) {
      throw new IllegalArgumentException(
          "resolutionMetres: %s (expected: %s to %s m)"
              .formatted(resolutionMetres, MIN_RESOLUTION, MAX_RESOLUTION));
    }
    if ((boxMin == null) != (boxMax == null)) {
      throw new IllegalArgumentException("box: one corner missing (expected: both, or neither)");
    }
    for (int d = 0; boxMin != null && d < 3; d++) {
      if (boxMin.length != 3 || boxMax.length != 3) {
        throw new IllegalArgumentException(
            "box: corners of %d and %d numbers (expected: 3 each)"
                .formatted(boxMin.length, boxMax.length));
      }
      if (!(boxMin[d] < boxMax[d]) || !Double.isFinite(boxMax[d] - boxMin[d])) {
        throw new IllegalArgumentException(
            "box: %s to %s m along %s (expected: finite, min < max)"
                .formatted(boxMin[d], boxMax[d], "xyz".charAt(d)));
      }
    }
  }
}
