package io.roomfield.slam.relocalisation;

/**
 * Points that a keyframe's sensor measured, and where a frame sees them.
 *
 * @param points {@code [count, 3]} in the keyframe's camera axes, metres
 * @param pixels {@code [count, 2]} of the frame
 * @param depthsMetres {@code [count]} that the frame's sensor measured there; NaN where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Correspondences(double[] points, double[] pixels, double[] depthsMetres) {
  /** The matches whose feature in the keyframe has a point. */
  static Correspondences of(OrbFeatures frame, OrbFeatures keyframe, FeatureMatches matches) {
    int[] usable = new int[matches.count()];
    int count = 0;
    for (int match = 0; match < matches.count(); match++) {
      if (keyframe.hasPoint(matches.keyframe()[match])) {
        usable[count++] = match;
      }
    }
    double[] points = new double[3 * count];
    double[] pixels = new double[2 * count];
    double[] depths = new double[count];
    for (int i = 0; i < count; i++) {
      int from = matches.keyframe()[usable[i]];
      int to = matches.frame()[usable[i]];
      for (int axis = 0; axis < 3; axis++) {
        points[3 * i + axis] = keyframe.points()[3 * from + axis];
      }
      pixels[2 * i] = frame.pixels()[2 * to];
      pixels[2 * i + 1] = frame.pixels()[2 * to + 1];
      depths[i] = frame.points()[3 * to + 2];
    }
    return new Correspondences(points, pixels, depths);
  }

  int count() {
    return depthsMetres.length;
  }
}
