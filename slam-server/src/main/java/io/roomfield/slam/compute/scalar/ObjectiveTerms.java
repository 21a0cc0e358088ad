package io.roomfield.slam.compute.scalar;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;

/**
 * The {@link Objective} of a rendered batch: its losses, and their derivatives with respect to each
 * ray's rendered depth and colour.
 */
final class ObjectiveTerms {
  private final Objective objective;
  private final RayBatch rays;
  private final RayPass[] rendered;

  /** Colour is compared at all. */
  private final boolean photometric;

  /** Depth terms above this are outliers. */
  private final double outlierThreshold;

  ObjectiveTerms(Objective objective, FieldStage stage, RayBatch rays, RayPass[] rendered) {
    this.objective = objective;
    this.rays = rays;
    this.rendered = rendered;
    photometric = stage.readsColour();
    outlierThreshold = outlierThreshold();
  }

  BatchLosses losses() {
    double total = 0;
    double depthAbsSum = 0;
    int depthCount = 0;
    double colourAbsSum = 0;
    int colourCount = 0;
    int outliers = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      if (hasReading(ray)) {
        depthAbsSum += Math.abs(depthResidual(ray));
        depthCount++;
        outliers += isOutlier(ray) ? 1 : 0;
      }
      total += countsDepth(ray) ? depthTerm(ray) : 0;
      for (int channel = 0; countsColour(ray) && channel < 3; channel++) {
        double residual = Math.abs(colourResidual(ray, channel));
        total += objective.colourWeight() * residual;
        colourAbsSum += residual;
        colourCount++;
      }
    }
    return new BatchLosses(total, depthAbsSum, depthCount, colourAbsSum, colourCount, outliers);
  }

  /** Whether the ray is in the loss at all; the others' gradients are zero whatever they hold. */
  boolean counts(int ray) {
    return countsDepth(ray) || (countsColour(ray) && objective.colourWeight() != 0);
  }

  /** {@code dL/dD^} of a ray. */
  double depthGradient(int ray) {
    return countsDepth(ray) ? Math.signum(depthResidual(ray)) / scale(ray) : 0;
  }

  /** {@code dL/dC^ [3]} of a ray. */
  double[] colourGradient(int ray) {
    double[] gradient = new double[3];
    for (int channel = 0; countsColour(ray) && channel < 3; channel++) {
      gradient[channel] = objective.colourWeight() * Math.signum(colourResidual(ray, channel));
    }
    return gradient;
  }

  private boolean hasReading(int ray) {
    return rays.depth[ray] > 0;
  }

  private boolean countsDepth(int ray) {
    return hasReading(ray) && !isOutlier(ray);
  }

  private boolean countsColour(int ray) {
    return photometric && (!objective.uncertaintyWeighted() || countsDepth(ray));
  }

  private boolean isOutlier(int ray) {
    return hasReading(ray) && depthTerm(ray) > outlierThreshold;
  }

  private double depthTerm(int ray) {
    return Math.abs(depthResidual(ray)) / scale(ray);
  }

  private double depthResidual(int ray) {
    return rendered[ray].depth() - rays.depth[ray];
  }

  private double colourResidual(int ray, int channel) {
    return rendered[ray].colour()[channel] - rays.colour[3 * ray + channel];
  }

  /**
   * What a depth residual is divided by: {@code sqrt(S^ + varianceFloor)} when tracking, else 1.
   */
  private double scale(int ray) {
    return objective.uncertaintyWeighted()
        ? Math.sqrt(rendered[ray].variance() + objective.varianceFloor())
        : 1;
  }

  /** {@code outlierFactor} times the upper median of the depth terms; infinite for no filter. */
  private double outlierThreshold() {
    double[] terms = new double[rays.count];
    int n = 0;
    for (int ray = 0; ray < rays.count; ray++) {
      if (hasReading(ray)) {
        terms[n++] = depthTerm(ray);
      }
    }
    if (n == 0 || !objective.uncertaintyWeighted() || objective.outlierFactor() == 0) {
      return Double.POSITIVE_INFINITY;
    }
    Arrays.sort(terms, 0, n);
    return objective.outlierFactor() * terms[n / 2];
  }
}
