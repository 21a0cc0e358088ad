package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Looks at what the coarse networks say of unseen space, in rooms that training never sees. */
final class CoarseValidation {
  private static final int LOOKS = 4;

  private final DecoderFamily family;
  private final GridConfig grid;
  private final TrainingSet set;
  private final ComputeBackend backend;

  CoarseValidation(DecoderFamily family, GridConfig grid, TrainingSet set, ComputeBackend backend) {
    this.family = family;
    this.grid = grid;
    this.set = set;
    this.backend = backend;
  }

  /** The score in words. */
  static String description() {
    return "mean depth error in cm of rays that end on surface which no view saw, within %s m"
        .formatted(CoarseWorker.FARTHEST);
  }

  /** Goes through a stretch of every walk of the set, always with the same noise and looks. */
  UnseenDepth.Figures measure() {
    UnseenDepth unseen = new UnseenDepth(backend);
    for (int walk = 0; walk < set.walks().size(); walk++) {
      SplittableRandom random = new SplittableRandom(walk);
      Episode episode = Episode.stretch(set.walks().get(walk), grid.fineVoxel(), backend, random);
      CoarseField field = new CoarseField(family, grid.coarseVoxel(), episode.fused(), backend);
      while (!episode.isOver()) {
        field.encoder().observe(episode.addView());
      }
      field.encoder().encode();
      unseen.add(episode, field.field(), LOOKS, random);
    }
    return unseen.figures();
  }

  /** The same as training reads it. */
  Training.Validation validate() {
    UnseenDepth.Figures measured = measure();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("coarse_cm", measured.coarse().meanCm());
    figures.put("far_plane_cm", measured.farPlane().meanCm());
    figures.put("nearest_seen_cm", measured.nearestSeen().meanCm());
    figures.put("rays", (double) measured.rays());
    return new Training.Validation(measured.coarse().meanCm(), figures);
  }
}
