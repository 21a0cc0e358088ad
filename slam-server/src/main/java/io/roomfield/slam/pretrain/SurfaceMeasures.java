package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.stream.IntStream;

/** Measures a map as depth and as a surface, at the fine stage. */
final class SurfaceMeasures {
  /**
   * @param all over every pixel
   * @param supported over those whose reading the engine believes
   */
  record Figures(SurfaceFigures all, SurfaceFigures supported) {}

  private static final double CENTIMETRES = 100;
  private static final double NEAR_METRES = 0.05;
  private static final double DEEP_METRES = 0.1;

  private final ComputeBackend backend;
  private final RenderSettings settings;

  /**
   * @param settings of the map's rays; samples are not perturbed here
   */
  SurfaceMeasures(ComputeBackend backend, RenderSettings settings) {
    this.backend = backend;
    this.settings =
        new RenderSettings(
            settings.stratifiedSamples(),
            settings.surfaceSamples(),
            settings.importanceSamples(),
            false,
            settings.farFromRay());
  }

  Figures measure(SceneField field, ProbePixels pixels) {
    RayBatch rays = pixels.rays();
    RenderedRays rendered = new RenderedRays(rays.count);
    backend.render(field, FieldStage.FINE, rays, settings, rendered);
    boolean[] front = occupied(field, rays, -NEAR_METRES);
    boolean[] behind = occupied(field, rays, NEAR_METRES);
    boolean[] deep = occupied(field, rays, DEEP_METRES);
    return new Figures(
        figures(pixels.all(), rays, rendered, front, behind, deep),
        figures(pixels.supported(), rays, rendered, front, behind, deep));
  }

  private static SurfaceFigures figures(
      boolean[] marked, RayBatch rays, RenderedRays rendered, boolean[]... occupied) {
    int[] chosen = IntStream.range(0, rays.count).filter(ray -> marked[ray]).toArray();
    double[] errors =
        IntStream.of(chosen)
            .mapToDouble(ray -> CENTIMETRES * Math.abs(rendered.depth[ray] - rays.depth[ray]))
            .toArray();
    double[] shares = new double[occupied.length];
    for (int k = 0; k < shares.length; k++) {
      boolean[] at = occupied[k];
      shares[k] =
          IntStream.of(chosen).mapToDouble(ray -> at[ray] ? 1 : 0).average().orElse(Double.NaN);
    }
    return new SurfaceFigures(
        IntStream.range(0, errors.length).mapToDouble(i -> errors[i]).average().orElse(Double.NaN),
        Median.of(errors),
        shares[0],
        shares[1],
        shares[2],
        IntStream.of(chosen)
            .mapToDouble(ray -> CENTIMETRES * Math.sqrt(Math.max(0, rendered.variance[ray])))
            .average()
            .orElse(Double.NaN));
  }

  /** Per ray, whether the map is occupied at a distance along the ray from the reading's point. */
  private boolean[] occupied(SceneField field, RayBatch rays, double metres) {
    float[] points = new float[3 * rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      double dx = rays.directionX[ray];
      double dy = rays.directionY[ray];
      double z = rays.depth[ray] + metres / Math.sqrt(1 + dx * dx + dy * dy);
      double[] point = rays.poses[rays.pose[ray]].apply(dx * z, dy * z, z);
      for (int axis = 0; axis < 3; axis++) {
        points[3 * ray + axis] = (float) point[axis];
      }
    }
    float[] logits = new float[rays.count];
    backend.evaluate(field, FieldStage.FINE, points, rays.count, logits, null);
    boolean[] occupied = new boolean[rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      occupied[ray] = logits[ray] > 0;
    }
    return occupied;
  }
}
