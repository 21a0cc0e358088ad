package io.roomfield.slam.pretrain;

import io.roomfield.rooms.RoomSplit;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Walks through the procedural rooms of one split.
 *
 * @param walks in the order of their rooms; everything follows from split, seed and counts
 */
record TrainingSet(List<TrainingWalk> walks) {

  /** Builds and renders {@code rooms} rooms with {@code walksPerRoom} walks each, in parallel. */
  static TrainingSet record(RoomSplit split, int rooms, int walksPerRoom, long seed) {
    long[] walkSeeds = new SplittableRandom(seed).longs((long) rooms * walksPerRoom).toArray();
    return new TrainingSet(
        IntStream.range(0, walkSeeds.length)
            .parallel()
            .mapToObj(i -> TrainingWalk.record(split.seed(i / walksPerRoom), walkSeeds[i]))
            .toList());
  }

  TrainingWalk draw(SplittableRandom random) {
    return walks.get(random.nextInt(walks.size()));
  }
}
