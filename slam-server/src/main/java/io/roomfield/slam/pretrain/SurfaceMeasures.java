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
   * @param exact over every pixel, against the exact depth instead of the reading (which still
   *     guides the samples, as it would in SLAM); null where nobody knows it
   */
  record Figures(SurfaceFigures all, SurfaceFigures supported, SurfaceFigures exact) {}

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
    Reference readings = reference(field, rays, rays.depth);
    return new Figures(
        figures(pixels.all(), rendered, readings),
        figures(pixels.supported(), rendered, readings),
        pixels.exact() == null
            ? null
            : figures(pixels.all(), rendered, reference(field, rays, pixels.exact())));
  }

  /** Depths that a map should have, and per ray whether it is occupied before and behind them. */
  private record Reference(float[] depth, boolean[] front, boolean[] behind, boolean[] deep) {}

  private Reference reference(SceneField field, RayBatch rays, float[] depth) {
    return new Reference(
        depth,
        occupied(field, rays, depth, -NEAR_METRES),
        occupied(field, rays, depth, NEAR_METRES),
        occupied(field, rays, depth, DEEP_METRES));
  }

  private static SurfaceFigures figures(
      boolean[] marked, RenderedRays rendered, Reference reference) {
    int[] chosen = IntStream.range(0, marked.length).filter(ray -> marked[ray]).toArray();
    DepthError error =
        DepthError.of(
            IntStream.of(chosen)
                .mapToDouble(ray -> rendered.depth[ray] - reference.depth[ray])
                .toArray());
    return new SurfaceFigures(
        error.meanCm(),
        error.medianCm(),
        share(chosen, reference.front),
        share(chosen, reference.behind),
        share(chosen, reference.deep),
        IntStream.of(chosen)
            .mapToDouble(ray -> CENTIMETRES * Math.sqrt(Math.max(0, rendered.variance[ray])))
            .average()
            .orElse(Double.NaN));
  }

  private static double share(int[] chosen, boolean[] marked) {
    return IntStream.of(chosen)
        .mapToDouble(ray -> marked[ray] ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /** Per ray, whether the map is occupied at a distance along the ray from a depth's point. */
  private boolean[] occupied(SceneField field, RayBatch rays, float[] depth, double metres) {
    float[] points = new float[3 * rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      double dx = rays.directionX[ray];
      double dy = rays.directionY[ray];
      double z = depth[ray] + metres / Math.sqrt(1 + dx * dx + dy * dy);
      double[] point = rays.point(ray, z);
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
