package io.roomfield.datasets;

import io.roomfield.datasets.Disturbance.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where one disturbance happens, in positions of the recording.
 *
 * @param start position of the first frame that is disturbed
 * @param length frames that the disturbance lasts; how far the jump goes for a kidnapping
 */
record Place(Kind kind, int start, int length) {
  /** A map must be begun before it can be lost. */
  static final int UNDISTURBED_START = 20;

  /** Position past the last frame that is disturbed. */
  int end() {
    return start + span(kind, length);
  }

  /**
   * Draws places for all disturbances, uniformly among all ways to lay them out in which none comes
   * in the first {@value #UNDISTURBED_START} frames and {@value DisturbedDataset#FRAMES_AFTER}
   * undisturbed ones follow each.
   *
   * @param frames of the recording; as many as all kidnappings jump are kept back at its end
   * @return in order
   * @throws IllegalArgumentException if the recording is too short
   */
  static List<Place> draw(List<Disturbance> disturbances, int frames, SplittableRandom random) {
    List<Disturbance> order = new ArrayList<>();
    disturbances.forEach(d -> order.addAll(Collections.nCopies(d.places(), d)));
    Collections.shuffle(order, random);
    long needed =
        order.stream()
            .mapToLong(d -> d.frames() + DisturbedDataset.FRAMES_AFTER)
            .reduce(UNDISTURBED_START, Long::sum);
    if (needed > frames) {
      throw new IllegalArgumentException(
          "disturb: %s in %d frames (expected: at least %d frames, %d after each disturbance)"
              .formatted(disturbances, frames, needed, DisturbedDataset.FRAMES_AFTER));
    }
    int[] shift = new int[order.size()];
    Arrays.setAll(shift, _ -> (int) random.nextLong(frames - needed + 1));
    Arrays.sort(shift);
    List<Place> places = new ArrayList<>();
    int next = UNDISTURBED_START;
    for (int i = 0; i < shift.length; i++) {
      Disturbance d = order.get(i);
      places.add(new Place(d.kind(), next + shift[i], d.frames()));
      next += span(d.kind(), d.frames()) + DisturbedDataset.FRAMES_AFTER;
    }
    return places;
  }

  private static int span(Kind kind, int length) {
    return kind == Kind.KIDNAP ? 0 : length;
  }
}
