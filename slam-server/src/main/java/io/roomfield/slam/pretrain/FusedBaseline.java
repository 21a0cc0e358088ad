package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.fusion.FusedDepthRayCaster;
import io.roomfield.slam.render.RayBatch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What fused depth says without any network: the keyframes' readings are fused as the encoders'
 * are, and cast at the pixels at which maps are measured.
 */
final class FusedBaseline {
  /**
   * @param error over the pixels whose ray meets a surface
   * @param missShare of the pixels, those whose ray meets none
   */
  record Hits(DepthError error, double missShare) {}

  /**
   * As {@link SurfaceMeasures.Figures}.
   *
   * @param all over every pixel
   * @param supported over those whose reading the engine believes
   * @param exact over every pixel, against the exact depth; null where nobody knows it
   */
  record Figures(Hits all, Hits supported, Hits exact) {}

  /**
   * @param keyframes at pixels of the frames that were fused
   * @param between at pixels of the frames held out
   */
  record OfClip(Figures keyframes, Figures between) {}

  private final FusedDepthRayCaster caster;

  /**
   * @param fineVoxel voxel edge in metres of the fine grid that the fused depth lies beside
   */
  FusedBaseline(List<View> keyframes, double fineVoxel, ComputeBackend backend) {
    DepthFusion fusion = new DepthFusion(FusedDepth.beside(fineVoxel), backend);
    for (View view : keyframes) {
      fusion.integrate(view.pixels().depthMetres(), view.camera(), view.worldFromCamera());
    }
    caster = new FusedDepthRayCaster(fusion.map());
  }

  /**
   * @param views that the pixels were drawn from
   */
  Figures measure(List<View> views, ProbePixels pixels) {
    float[] cast = cast(views, pixels.rays());
    return new Figures(
        hits(cast, pixels.all(), pixels.rays().depth),
        hits(cast, pixels.supported(), pixels.rays().depth),
        pixels.exact() == null ? null : hits(cast, pixels.all(), pixels.exact()));
  }

  /** Per ray the depth of the fused surface, 0 where there is none. */
  private float[] cast(List<View> views, RayBatch rays) {
    List<float[]> images =
        views.stream()
            .map(view -> caster.cast(view.camera(), view.worldFromCamera()).depthMetres())
            .toList();
    float[] depth = new float[rays.count];
    for (int ray = 0; ray < rays.count; ray++) {
      depth[ray] = images.get(rays.pose[ray])[pixel(rays, ray, views.get(rays.pose[ray]))];
    }
    return depth;
  }

  /** The pixel whose centre a ray passes. */
  private static int pixel(RayBatch rays, int ray, View view) {
    long x = Math.round(rays.directionX[ray] * view.camera().fx() + view.camera().cx());
    long y = Math.round(rays.directionY[ray] * view.camera().fy() + view.camera().cy());
    return (int) (y * view.camera().width() + x);
  }

  private static Hits hits(float[] cast, boolean[] marked, float[] reference) {
    int[] chosen = IntStream.range(0, cast.length).filter(ray -> marked[ray]).toArray();
    double[] differences =
        IntStream.of(chosen)
            .filter(ray -> cast[ray] > 0)
            .mapToDouble(ray -> cast[ray] - reference[ray])
            .toArray();
    return new Hits(DepthError.of(differences), 1 - differences.length / (double) chosen.length);
  }
}
