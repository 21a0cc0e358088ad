package io.roomfield.rooms;

/**
 * Which rooms learn, which choose between what was learnt, and which are kept for the last word:
 * ranges of seeds that have none in common.
 */
public enum RoomSplit {
  TRAINING(1),
  VALIDATION(2),
  TEST(3);

  /** Seeds of a split lie so far apart from the next one's, and from small seeds picked by hand. */
  private static final long RANGE = 1L << 40;

  private final int range;

  RoomSplit(int range) {
    this.range = range;
  }

  /**
   * The seed of a split's room: {@code range 2^40 + index}, the range 1, 2 or 3, so that no two
   * rooms of any splits share one.
   *
   * @throws IllegalArgumentException if the index is negative
   */
  public long seed(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("index: %d (expected: >= 0)".formatted(index));
    }
    return range * RANGE + index;
  }
}
