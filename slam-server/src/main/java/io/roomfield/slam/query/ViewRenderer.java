package io.roomfield.slam.query;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.concurrent.CancellationException;

/**
 * Renders the map from any pose, without a sensor's depth to guide the samples: evenly spaced ones
 * up to a farthest depth, then an importance pass (NeRF, section 5.2; algorithm, section 2).
 */
public final class ViewRenderer {
  private static final int STRATIFIED_SAMPLES = 128;
  private static final int IMPORTANCE_SAMPLES = 32;
  private static final RenderSettings SETTINGS =
      new RenderSettings(STRATIFIED_SAMPLES, 0, IMPORTANCE_SAMPLES, false, false);

  /** Rays per call of the backend. */
  private static final int BATCH = 1024;

  /** A ray that is stopped to less than this has hit nothing. */
  private static final float MIN_OPACITY = 0.5f;

  private final ComputeBackend backend;

  public ViewRenderer(ComputeBackend backend) {
    this.backend = backend;
  }

  /**
   * Renders depth {@code D^} and colour {@code C^}, both divided by the ray's opacity {@code sum
   * w_i}: what they are given that the ray is stopped. A pixel with an opacity below 0.5 has depth
   * 0 and is black.
   *
   * @param farMetres depth along the optical axis where rays end, > 0
   * @throws IllegalArgumentException if farMetres is not positive and finite
   * @throws IllegalStateException if the map is empty
   * @throws CancellationException soon after the thread was interrupted
   */
  public RenderedImage render(
      MapSnapshot map, PinholeCamera camera, SE3 worldFromCamera, float farMetres) {
    if (!(farMetres > 0) || !Float.isFinite(farMetres)) {
      throw new IllegalArgumentException("farMetres: %s (expected: > 0 m)".formatted(farMetres));
    }
    if (map.field().colour().blockCount() == 0) {
      throw new IllegalStateException(
          "map version %d: no blocks (expected: a map with at least one; nothing was mapped yet)"
              .formatted(map.version()));
    }
    int pixels = camera.width() * camera.height();
    RenderedImage image =
        new RenderedImage(camera.width(), camera.height(), new float[pixels], new byte[3 * pixels]);
    RayBatch rays = new RayBatch(BATCH);
    rays.poses = new SE3[] {worldFromCamera};
    rays.frameMaxDepth = new float[] {farMetres / RaySampler.FAR_FACTOR};
    RenderedRays rendered = new RenderedRays(BATCH);
    for (int from = 0; from < pixels; from += BATCH) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("rendering of a view was interrupted");
      }
      rays.count = Math.min(BATCH, pixels - from);
      for (int i = 0; i < rays.count; i++) {
        int pixelX = (from + i) % camera.width();
        int pixelY = (from + i) / camera.width();
        rays.directionX[i] = (float) ((pixelX - camera.cx()) / camera.fx());
        rays.directionY[i] = (float) ((pixelY - camera.cy()) / camera.fy());
      }
      backend.render(map.field(), FieldStage.COLOUR, rays, SETTINGS, rendered);
      write(rendered, rays.count, image, from);
    }
    return image;
  }

  private static void write(RenderedRays rendered, int count, RenderedImage image, int from) {
    for (int i = 0; i < count; i++) {
      float opacity = rendered.opacity[i];
      if (opacity >= MIN_OPACITY) {
        image.depthMetres()[from + i] = rendered.depth[i] / opacity;
        for (int channel = 0; channel < 3; channel++) {
          float value = Math.clamp(rendered.colour[3 * i + channel] / opacity, 0f, 1f);
          image.rgb()[3 * (from + i) + channel] = (byte) Math.round(255 * value);
        }
      }
    }
  }
}
