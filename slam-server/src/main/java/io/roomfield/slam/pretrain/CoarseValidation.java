package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Goes through every walk of the set, always with the same noise and looks. */
  Training.Validation validate() {
    List<UnseenDepth.Figures> all = new ArrayList<>();
    for (int walk = 0; walk < set.walks().size(); walk++) {
      SplittableRandom random = new SplittableRandom(walk);
      Episode episode = Episode.stretch(set.walks().get(walk), grid.fineVoxel(), backend, random);
      CoarseField field = new CoarseField(family, grid.coarseVoxel(), episode.fused(), backend);
      while (!episode.isOver()) {
        field.encoder().observe(episode.addView());
      }
      field.encoder().encode();
      all.add(new UnseenDepth(backend).measure(episode, field.field(), LOOKS, random));
    }
    UnseenDepth.Figures mean = UnseenDepth.Figures.mean(all);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("coarse_cm", mean.coarseCm());
    figures.put("far_plane_cm", mean.farPlaneCm());
    figures.put("nearest_seen_cm", mean.nearestSeenCm());
    figures.put("rays", (double) mean.rays());
    return new Training.Validation(mean.coarseCm(), figures);
  }
}
