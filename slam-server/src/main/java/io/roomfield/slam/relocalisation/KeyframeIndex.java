package io.roomfield.slam.relocalisation;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;

/**
 * The keyframes' features, and which keyframes a frame shares most of its features with. Every
 * keyframe is compared: first a few hundred features of each, then all features of the best.
 * Keyframes may be added while others ask.
 */
public final class KeyframeIndex {
  /** Features of the first comparison: a tenth of the pairs, and one or two of every cell. */
  private static final int FIRST_FEATURES = 300;

  /** So many keyframes are compared by all features for each that is asked for. */
  private static final int SHORTLISTED = 2;

  private static final Comparator<Candidate> MOST_MATCHES_FIRST =
      Comparator.comparingInt(candidate -> -candidate.matches.count());

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  private record Entry(int keyframeId, OrbFeatures features) {}

  /** A keyframe that may show what a frame shows. */
  record Candidate(int keyframeId, OrbFeatures keyframe, FeatureMatches matches) {}

  /** Adds a keyframe under its id. */
  public void add(int keyframeId, OrbFeatures features) {
    entries.add(new Entry(keyframeId, features));
  }

  /**
   * Those that match best, at most {@code max}, the one with the most matches first.
   *
   * @param eligible whether the keyframe of an id is asked for
   */
  List<Candidate> candidates(OrbFeatures frame, int max, IntPredicate eligible) {
    return entries.stream()
        .filter(entry -> eligible.test(entry.keyframeId))
        .map(entry -> candidate(frame, entry.keyframeId, entry.features, FIRST_FEATURES))
        .sorted(MOST_MATCHES_FIRST)
        .limit((long) SHORTLISTED * max)
        .map(first -> candidate(frame, first.keyframeId, first.keyframe, Integer.MAX_VALUE))
        .sorted(MOST_MATCHES_FIRST)
        .limit(max)
        .toList();
  }

  private static Candidate candidate(
      OrbFeatures frame, int keyframeId, OrbFeatures keyframe, int amongFirst) {
    return new Candidate(keyframeId, keyframe, FeatureMatches.between(frame, keyframe, amongFirst));
  }
}
