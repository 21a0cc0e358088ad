package io.roomfield.slam.relocalisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FeatureMatchesTest {
  private static final int ALL = Integer.MAX_VALUE;

  @Test
  void nearestOfEachOtherMatch() {
    FeatureMatches matches = FeatureMatches.between(bits(10, 120, 70), bits(72, 121), ALL);
    assertThat(matches.frame()).containsExactly(1, 2);
    assertThat(matches.keyframe()).containsExactly(1, 0);
  }

  @Test
  void aFeatureThatIsNotPreferredInReturnHasNoMatch() {
    FeatureMatches matches = FeatureMatches.between(bits(70, 71), bits(72, 200), ALL);
    assertThat(matches.frame()).containsExactly(1);
  }

  @Test
  void twoThatAreAlikeAreNoMatch() {
    // Distances 9 and 11: the ratio is 0.82. With 9 and 12 it is 0.75.
    assertThat(FeatureMatches.between(bits(100), bits(91, 111), ALL).count()).isZero();
    assertThat(FeatureMatches.between(bits(100), bits(91, 112), ALL).count()).isEqualTo(1);
  }

  @Test
  void farOnesAreNoMatch() {
    assertThat(FeatureMatches.between(bits(0), bits(81), ALL).count()).isZero();
    assertThat(FeatureMatches.between(bits(0), bits(80), ALL).count()).isEqualTo(1);
  }

  @Test
  void onlyTheFirstAreCompared() {
    assertThat(FeatureMatches.between(bits(10, 70), bits(11, 72), 1).frame()).containsExactly(0);
    assertThat(FeatureMatches.between(bits(), bits(11, 72), ALL).count()).isZero();
    assertThat(FeatureMatches.between(bits(10), bits(), ALL).count()).isZero();
  }

  @Test
  void arraysOfDifferentNumbersOfFeaturesAreRefused() {
    assertThatThrownBy(() -> new OrbFeatures(new float[4], new float[6], new long[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 descriptor words (expected: 2, 3 and 4 each)");
  }

  /** Features whose descriptors have the first so many bits set: distances are differences. */
  private static OrbFeatures bits(int... counts) {
    long[] descriptors = new long[OrbFeatures.WORDS * counts.length];
    for (int i = 0; i < counts.length; i++) {
      for (int bit = 0; bit < counts[i]; bit++) {
        descriptors[OrbFeatures.WORDS * i + bit / Long.SIZE] |= 1L << bit;
      }
    }
    return new OrbFeatures(new float[2 * counts.length], new float[3 * counts.length], descriptors);
  }
}
