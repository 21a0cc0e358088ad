package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.SceneField;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnseenDepthTest {
  private static final int LOOKS = 3;
  private static final Decoder.Shape SHAPE = new Decoder.Shape(0, 4, 8, 1, Decoder.NO_SKIP, 1);

  private final ComputeBackend backend = ComputeBackends.open("vector", 1);

  @AfterEach
  void close() {
    backend.close();
  }

  private Episode episode() {
    Episode episode = Episode.whole(EmptyRoom.walk(2), 0.16, backend, new SplittableRandom(4));
    episode.addView();
    return episode;
  }

  /** A coarse level that says the same everywhere. */
  private static SceneField constant(float logit) {
    Decoder decoder = new Decoder(SHAPE, new float[0], new float[SHAPE.weightCount()]);
    decoder.weights()[SHAPE.outputBiasOffset()] = logit;
    FeatureGrid grid = new FeatureGrid(2, 4, 0f, 0);
    return new SceneField(grid, null, null, null, decoder, null, null, null);
  }

  @Test
  void guessesAreComparedWithTheTruth() {
    Episode episode = episode();
    UnseenDepth.Figures figures =
        new UnseenDepth(backend).measure(episode, constant(10), LOOKS, new SplittableRandom(5));
    SplittableRandom random = new SplittableRandom(5);
    int rays = 0;
    double sum = 0;
    for (int look = 0; look < LOOKS; look++) {
      LookAround around = new LookAround(episode, random);
      for (int ray = 0; ray < LookAround.RAYS; ray++) {
        if (around.endsUnseen(ray) && around.depth(ray) < CoarseWorker.FARTHEST) {
          rays++;
          sum += around.depth(ray);
        }
      }
    }
    double meanCm = 100 * sum / rays;
    assertThat(figures.rays()).isEqualTo(rays).isGreaterThan(LookAround.RAYS);
    assertThat(figures.farPlaneCm()).isCloseTo(600 - meanCm, Offset.offset(1e-3));
    // A level that is solid everywhere ends rays at their first sample, 64 of them to 7 m or so.
    assertThat(figures.coarseCm()).isCloseTo(meanCm, Offset.offset(12.0));
    // The room's walls are 0.5 to 3.5 m off: as far as the nearest wall seen is a fair guess.
    assertThat(figures.nearestSeenCm()).isPositive().isLessThan(0.5 * figures.farPlaneCm());
  }

  @Test
  void aLookIsMeasuredTheSameAgain() {
    Episode episode = episode();
    UnseenDepth unseen = new UnseenDepth(backend);
    UnseenDepth.Figures once = unseen.measure(episode, constant(1), 1, new SplittableRandom(6));
    assertThat(unseen.measure(episode, constant(1), 1, new SplittableRandom(6))).isEqualTo(once);
  }

  @Test
  void meansAreOverRays() {
    UnseenDepth.Figures mean =
        UnseenDepth.Figures.mean(
            List.of(
                new UnseenDepth.Figures(10, 20, 30, 1),
                new UnseenDepth.Figures(Double.NaN, Double.NaN, Double.NaN, 0),
                new UnseenDepth.Figures(50, 100, 70, 3)));
    assertThat(mean).isEqualTo(new UnseenDepth.Figures(40, 80, 60, 4));
  }
}
