package io.roomfield.slam.query;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.render.RayBatch;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Renders the map from any pose, without a sensor's depth to guide the samples: the first surface
 * that a pixel's ray meets, and the field's colour there.
 */
public final class ViewRenderer {
  /** Rays per call of the backend. */
  private static final int BATCH = 1024;

  /** Steps of a ray per voxel of the fine level: things are not thinner in its lattice. */
  private static final float STEPS_PER_VOXEL = 2;

  /** Steps of a ray where the map is one network, without a lattice; metres. */
  private static final float JOINT_STEP = 0.04f;

  private final ComputeBackend backend;

  public ViewRenderer(ComputeBackend backend) {
    this.backend = backend;
  }

  /**
   * Renders depth and colour where the occupancy along a pixel's ray first passes 1/2. A pixel
   * without a surface has depth 0 and is black.
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
    OccupancyRayCaster caster = new OccupancyRayCaster(backend, BATCH);
    for (int from = 0; from < pixels; from += BATCH) {
      rays.count = 0;
      for (int i = from; i < Math.min(from + BATCH, pixels); i++) {
        rays.append(camera, i % camera.width(), i / camera.width(), 0, 0);
      }
      caster.cast(map.field(), rays, step(map.field()), farMetres);
      System.arraycopy(rays.depth, 0, image.depthMetres(), from, rays.count);
      writeColour(map.field(), rays, image.rgb(), from);
    }
    return image;
  }

  private static float step(SceneField field) {
    return field.isJoint() ? JOINT_STEP : (float) field.fine().voxelEdge() / STEPS_PER_VOXEL;
  }

  private void writeColour(SceneField field, RayBatch rays, byte[] rgb, int from) {
    int[] hits = IntStream.range(0, rays.count).filter(ray -> rays.depth[ray] > 0).toArray();
    float[] points = new float[3 * hits.length];
    for (int i = 0; i < hits.length; i++) {
      rays.putPoint(hits[i], rays.depth[hits[i]], points, i);
    }
    float[] colours = new float[3 * hits.length];
    backend.evaluate(
        field, FieldStage.COLOUR, points, hits.length, new float[hits.length], colours);
    for (int i = 0; i < hits.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        float value = Math.clamp(colours[3 * i + channel], 0f, 1f);
        rgb[3 * (from + hits[i]) + channel] = (byte) Math.round(255 * value);
      }
    }
  }
}
