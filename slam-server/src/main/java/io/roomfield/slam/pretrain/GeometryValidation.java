package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.render.RayBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Looks at what mid and fine networks can do on rooms that training never sees, as depth and as
 * surface (depth error alone is a trap: decoders.md), with no iteration and after a few.
 */
final class GeometryValidation {
  static final int ITERATIONS = 15;
  private static final int RAYS = 1000;

  /** What a share of rays that is wrong costs in the score, against centimetres of error. */
  private static final double CM_PER_WRONG_SHARE = 20;

  private final DecoderFamily family;
  private final GridConfig grid;
  private final TrainingSet set;
  private final double refinementRate;
  private final ComputeBackend backend;

  GeometryValidation(
      DecoderFamily family,
      GridConfig grid,
      TrainingSet set,
      double refinementRate,
      ComputeBackend backend) {
    this.family = family;
    this.grid = grid;
    this.set = set;
    this.refinementRate = refinementRate;
    this.backend = backend;
  }

  /** The score in words. */
  static String description() {
    return ("mean and median depth error and spread in cm, plus %1$s cm times the share of rays that"
            + " are occupied 5 cm before the surface or free 5 cm behind it, of held-out views,"
            + " with no iteration of mapping (@0) and after %2$d (@%2$d)")
        .formatted(CM_PER_WRONG_SHARE, ITERATIONS);
  }

  /** Maps every walk of the set, always with the same noise and pixels. */
  Training.Validation validate() {
    List<SurfaceFigures> encoded = new ArrayList<>();
    List<SurfaceFigures> refined = new ArrayList<>();
    for (int walk = 0; walk < set.walks().size(); walk++) {
      measure(set.walks().get(walk), walk, encoded, refined);
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    double score = add(figures, "@0", encoded) + add(figures, "@" + ITERATIONS, refined);
    return new Training.Validation(score, figures);
  }

  private void measure(
      TrainingWalk walk, long seed, List<SurfaceFigures> encoded, List<SurfaceFigures> refined) {
    SplittableRandom random = new SplittableRandom(seed);
    Episode episode = Episode.whole(walk, grid.fineVoxel(), backend, random);
    while (!episode.isOver()) {
      episode.addView();
    }
    Episode.View newest = episode.mapped().getLast();
    Episode.View heldOut = episode.heldOut();
    EpisodeField field = new EpisodeField(family, grid, episode, backend);
    field.encode(List.of(newest, heldOut));
    RayBatch probe = new RayBatch(RAYS);
    heldOut.drawExact(episode::isSeen, probe, random);
    SurfaceMeasures measures = new SurfaceMeasures(backend, EpisodeField.SETTINGS);
    ProbePixels pixels = new ProbePixels(probe, new boolean[probe.count], null);
    encoded.add(measures.measure(field.field(), pixels).all());
    field.refine(newest, ITERATIONS, refinementRate, new RayBatch(RAYS), random);
    refined.add(measures.measure(field.field(), pixels).all());
  }

  /** Adds the figures' means by name; their share of the score. */
  private static double add(Map<String, Double> to, String suffix, List<SurfaceFigures> all) {
    SurfaceFigures mean = SurfaceFigures.mean(all);
    to.put("l1_mean_cm" + suffix, mean.depthMeanCm());
    to.put("l1_median_cm" + suffix, mean.depthMedianCm());
    to.put("front_5cm" + suffix, mean.occupiedFront5cm());
    to.put("behind_5cm" + suffix, mean.occupiedBehind5cm());
    to.put("behind_10cm" + suffix, mean.occupiedBehind10cm());
    to.put("spread_cm" + suffix, mean.spreadCm());
    double wrong = mean.occupiedFront5cm() + 1 - mean.occupiedBehind5cm();
    return mean.depthMeanCm() + mean.depthMedianCm() + mean.spreadCm() + CM_PER_WRONG_SHARE * wrong;
  }
}
