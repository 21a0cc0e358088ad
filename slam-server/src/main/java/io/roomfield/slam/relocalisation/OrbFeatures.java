package io.roomfield.slam.relocalisation;

/**
 * The ORB features of a frame (Rublee et al., ICCV 2011): the strongest of every part of the image
 * first, so that a prefix is spread over the image too. Immutable.
 *
 * @param pixels {@code [features, 2]}: x, y
 * @param points {@code [features, 3]} in camera axes, metres; NaN where the sensor has no reading
 * @param descriptors {@code [features, 4]}: 256 bits each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OrbFeatures(float[] pixels, float[] points, long[] descriptors) {
  /** 64-bit words of a descriptor. */
  static final int WORDS = 4;

  /**
   * Checks that the arrays are of the same features.
   *
   * @throws IllegalArgumentException if their lengths do not fit each other
   */
  public OrbFeatures {
    int count = pixels.length / 2;
    if (pixels.length != 2 * count
        || points.length != 3 * count
        || descriptors.length != WORDS * count) {
      throw new IllegalArgumentException(
          "features: %d pixel coordinates, %d point coordinates, %d descriptor words (expected: 2, 3 and %d each)"
              .formatted(pixels.length, points.length, descriptors.length, WORDS));
    }
  }

  /** Number of features. */
  public int count() {
    return pixels.length / 2;
  }

  /** Whether the sensor has a depth where a feature is. */
  boolean hasPoint(int feature) {
    return !Float.isNaN(points[3 * feature + 2]);
  }

  /** Number of bits in which two descriptors differ, 0 to 256. */
  int hammingDistance(int feature, OrbFeatures other, int otherFeature) {
    int a = WORDS * feature;
    int b = WORDS * otherFeature;
    long[] theirs = other.descriptors;
    return Long.bitCount(descriptors[a] ^ theirs[b])
        + Long.bitCount(descriptors[a + 1] ^ theirs[b + 1])
        + Long.bitCount(descriptors[a + 2] ^ theirs[b + 2])
        + Long.bitCount(descriptors[a + 3] ^ theirs[b + 3]);
  }
}
