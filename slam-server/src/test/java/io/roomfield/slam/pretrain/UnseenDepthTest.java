package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.rooms.RoomSplit;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.ComputeBackend;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An episode in a room; coarse levels that are known functions. */
class UnseenDepthTest {
  private static final double FINE_VOXEL = 0.08;
  private static final double FARTHEST_CM = 100 * CoarseWorker.FARTHEST;
  private static final int LOOKS = 4;

  private static Episode episode;

  @BeforeAll
  static void record() {
    TrainingWalk walk = TrainingWalk.record(RoomSplit.VALIDATION.seed(0), 1);
    try (ComputeBackend backend = SmallRoom.backend()) {
      episode = Episode.stretch(walk, FINE_VOXEL, backend, new SplittableRandom(3));
      while (!episode.isOver()) {
        episode.addView();
      }
    }
  }

  @Test
  void theTruthHasNoErrorAndNoGuessIsAsGood() {
    UnseenDepth.Figures figures =
        measure((x, y, z) -> episode.trueDistance(new double[] {x, y, z}));
    assertThat(figures.rays()).isGreaterThan(LookAround.RAYS); // of four looks
    // Samples are 11 cm apart, so the first behind a surface is half of that behind it in the
    // median, and the occupancy's ramp is 2.3 cm wide. Thin things slip between samples: no mean.
    assertThat(figures.coarse().medianCm()).isLessThan(8);
    assertThat(figures.nearestSeen().meanCm())
        .isGreaterThan(figures.coarse().meanCm())
        .isLessThan(figures.farPlane().meanCm());
    assertThat(figures.constant().meanCm()).isLessThan(figures.farPlane().meanCm());
  }

  @Test
  void anEmptyMapRendersNoDepthAndTheFarPlaneIsWhereRaysAreNoLongerAskedAbout() {
    UnseenDepth.Figures figures = measure((x, y, z) -> 1e3);
    // Errors D and FARTHEST - D of every ray; readings are floats.
    assertThat(figures.coarse().meanCm() + figures.farPlane().meanCm())
        .isCloseTo(FARTHEST_CM, within(1e-3));
    assertThat(figures.coarse().medianCm() + figures.farPlane().medianCm())
        .isCloseTo(FARTHEST_CM, within(1.0)); // the upper median of both
  }

  private static UnseenDepth.Figures measure(AnalyticBackend.Distance coarse) {
    try (AnalyticBackend backend = new AnalyticBackend(coarse)) {
      UnseenDepth unseen = new UnseenDepth(backend);
      unseen.add(episode, null, LOOKS, new SplittableRandom(5));
      return unseen.figures();
    }
  }
}
