package io.roomfield.slam.query;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Finds where rays first go from free to occupied, {@code o = 1/2}: even steps, then the secant
 * (Niemeyer et al., <em>Differentiable Volumetric Rendering</em>, CVPR 2020). It is the surface
 * that a mesh has too. Compositing instead sums up what little occupancy a map has in free space,
 * the more the more samples a ray has.
 */
final class OccupancyRayCaster {
  /** Steps that a ray takes before those that have hit are taken out. */
  private static final int STEPS_AT_ONCE = 8;

  /** Steps of the secant: after the first, the root is within millimetres. */
  private static final int SECANT_STEPS = 2;

  private final ComputeBackend backend;
  private final float[] points;
  private final float[] logits;

  /** Rays under way, in their order. */
  private final int[] marching;

  /** Last depth where a ray was free and its logit there, for each ray; then where it was not. */
  private final float[] freeZ;

  private final float[] freeLogit;
  private final float[] hitZ;
  private final float[] hitLogit;

  /**
   * @param capacity rays at most
   */
  OccupancyRayCaster(ComputeBackend backend, int capacity) {
    this.backend = backend;
    points = new float[3 * STEPS_AT_ONCE * capacity];
    logits = new float[STEPS_AT_ONCE * capacity];
    marching = new int[capacity];
    freeZ = new float[capacity];
    freeLogit = new float[capacity];
    hitZ = new float[capacity];
    hitLogit = new float[capacity];
  }

  /**
   * Casts the batch's rays and writes their {@code depth}, metres; 0 where nothing is hit. A ray
   * that begins in occupied space passes it first.
   *
   * @param stepMetres no surface's inside is thinner than this, > 0
   * @param farMetres where rays end, > 0
   * @throws CancellationException soon after the thread was interrupted
   */
  void cast(SceneField field, RayBatch rays, float stepMetres, float farMetres) {
    Arrays.fill(rays.depth, 0, rays.count, 0f);
    Arrays.fill(freeLogit, 0, rays.count, Float.NaN);
    int active = rays.count;
    Arrays.setAll(marching, ray -> ray);
    int steps = (int) Math.ceil(farMetres / stepMetres);
    for (int from = 1; from <= steps && active > 0; from += STEPS_AT_ONCE) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("rendering of a view was interrupted");
      }
      int count = Math.min(STEPS_AT_ONCE, steps + 1 - from);
      float[] z = new float[count];
      for (int k = 0; k < count; k++) {
        z[k] = Math.min((from + k) * stepMetres, farMetres);
      }
      for (int i = 0; i < active; i++) {
        for (int k = 0; k < count; k++) {
          rays.putPoint(marching[i], z[k], points, i * count + k);
        }
      }
      backend.evaluate(field, FieldStage.FINE, points, active * count, logits, null);
      active = march(rays, active, z);
    }
    refine(field, rays);
  }

  /** Looks for crossings among the new logits; the number of rays still under way. */
  private int march(RayBatch rays, int active, float[] z) {
    int left = 0;
    for (int i = 0; i < active; i++) {
      int ray = marching[i];
      for (int k = 0; k < z.length && rays.depth[ray] == 0; k++) {
        float logit = logits[i * z.length + k];
        if (logit <= 0) {
          freeZ[ray] = z[k];
          freeLogit[ray] = logit;
        } else if (!Float.isNaN(freeLogit[ray])) {
          hitZ[ray] = z[k];
          hitLogit[ray] = logit;
          rays.depth[ray] = root(ray);
        }
      }
      if (rays.depth[ray] == 0) {
        marching[left++] = ray;
      }
    }
    return left;
  }

  /** Takes the secant's steps on the rays that hit. */
  private void refine(SceneField field, RayBatch rays) {
    int[] hits = IntStream.range(0, rays.count).filter(ray -> rays.depth[ray] > 0).toArray();
    for (int step = 0; step < SECANT_STEPS; step++) {
      for (int i = 0; i < hits.length; i++) {
        rays.putPoint(hits[i], rays.depth[hits[i]], points, i);
      }
      backend.evaluate(field, FieldStage.FINE, points, hits.length, logits, null);
      for (int i = 0; i < hits.length; i++) {
        int ray = hits[i];
        boolean free = logits[i] <= 0;
        (free ? freeZ : hitZ)[ray] = rays.depth[ray];
        (free ? freeLogit : hitLogit)[ray] = logits[i];
        rays.depth[ray] = root(ray);
      }
    }
  }

  /** Where the line through a ray's free and occupied logit is zero. */
  private float root(int ray) {
    float share = freeLogit[ray] / (freeLogit[ray] - hitLogit[ray]);
    return freeZ[ray] + share * (hitZ[ray] - freeZ[ray]);
  }
}
