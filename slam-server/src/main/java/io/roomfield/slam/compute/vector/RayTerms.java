package io.roomfield.slam.compute.vector;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;

/** Losses per ray, each written by the worker that renders it, and their ordered sums. */
final class RayTerms {
  /** {@code |D - D^|}, over its deviation in the tracking form; 0 without a reading. */
  final float[] depthTerm;

  /** {@code |D - D^|} in metres. */
  final float[] depthAbs;

  /** {@code sum |C - C^|} over channels. */
  final float[] colourAbs;

  RayTerms(int rays) {
    depthTerm = new float[rays];
    depthAbs = new float[rays];
    colourAbs = new float[rays];
  }

  /** Rays with a reading whose depth term exceeds the filter's limit, or null without filter. */
  boolean[] outliers(RayBatch rays, Objective objective) {
    if (objective.outlierFactor() <= 0) {
      return null;
    }
    float[] sorted = new float[rays.count];
    int valid = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      if (rays.depth[ray] > 0) {
        sorted[valid++] = depthTerm[ray];
      }
    }
    boolean[] outliers = new boolean[rays.count];
    if (valid == 0) {
      return outliers;
    }
    Arrays.sort(sorted, 0, valid);
    float limit = objective.outlierFactor() * sorted[valid / 2];
    for (int ray = 0; ray < rays.count; ray++) {
      outliers[ray] = rays.depth[ray] > 0 && depthTerm[ray] > limit;
    }
    return outliers;
  }

  /** The batch's losses; see {@link Objective}. */
  BatchLosses sum(RayBatch rays, FieldStage stage, Objective objective, boolean[] outliers) {
    double total = 0;
    double depthSum = 0;
    double colourSum = 0;
    int depthCount = 0;
    int colourCount = 0;
    int dropped = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      boolean valid = rays.depth[ray] > 0;
      boolean outlier = outliers != null && outliers[ray];
      if (valid) {
        depthCount++;
        depthSum += depthAbs[ray];
        dropped += outlier ? 1 : 0;
        total += outlier ? 0 : depthTerm[ray];
      }
      if (stage.readsColour() && (!objective.uncertaintyWeighted() || (valid && !outlier))) {
        colourCount += 3;
        colourSum += colourAbs[ray];
      }
    }
    total += objective.colourWeight() * colourSum;
    return new BatchLosses(total, depthSum, depthCount, colourSum, colourCount, dropped);
  }
}
