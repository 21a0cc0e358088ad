package io.roomfield.slam.render;

import java.util.Arrays;

/**
 * Puts samples on rays (NICE-SLAM, section 3.2; algorithm, section 2). Depends on the ray alone, so
 * every backend samples alike, and a ray does not depend on its batch mates.
 */
public final class RaySampler {
  /** near = 0.01 D. */
  public static final float NEAR_FACTOR = 0.01f;

  /** far = 1.2 D. */
  public static final float FAR_FACTOR = 1.2f;

  /** Half width of the surface samples' interval, relative to D. */
  public static final float SURFACE_MARGIN = 0.05f;

  /** Where the surface samples of a ray without a reading begin, in metres. */
  public static final float NO_DEPTH_NEAR = 0.001f;

  private RaySampler() {}

  /**
   * Writes the first pass's sample depths of ray {@code ray} in ascending order to {@code z[at
   * ..]}: stratified ones between near and far, surface ones within 5 % of the reading (or between
   * 1 mm and the frame's largest depth where there is none).
   */
  public static void sample(RayBatch rays, int ray, RenderSettings settings, float[] z, int at) {
    float reading = rays.depth[ray];
    float frameMax = rays.frameMaxDepth[rays.pose[ray]];
    boolean valid = reading > 0;
    float near = valid ? NEAR_FACTOR * reading : NEAR_FACTOR * frameMax;
    float far = FAR_FACTOR * (valid && settings.farFromRay() ? reading : frameMax);
    int strat = settings.stratifiedSamples();
    float step = (far - near) / (strat - 1);
    for (int i = 0; i < strat; i++) {
      float shift = settings.perturb() ? uniform(rays.seed, ray, i) - 0.5f : 0f;
      z[at + i] = Math.clamp(near + (i + shift) * step, near, far);
    }
    int surface = settings.surfaceSamples();
    float from = valid ? (1 - SURFACE_MARGIN) * reading : NO_DEPTH_NEAR;
    float to = valid ? (1 + SURFACE_MARGIN) * reading : frameMax;
    for (int i = 0; i < surface; i++) {
      float t = surface == 1 ? 0.5f : i / (float) (surface - 1);
      z[at + strat + i] = from + t * (to - from);
    }
    Arrays.sort(z, at, at + strat + surface);
  }

  /**
   * Adds importance samples to a ray: inverse-transform sampling of the first pass's compositing
   * weights at evenly spaced quantiles (NeRF, section 5.2), then sorts all.
   *
   * @param z first-pass depths in {@code z[at .. at + first)}, ascending; on return {@code first +
   *     extra} depths, ascending
   * @param weights compositing weights of the first pass at {@code weights[weightsAt ..]}
   */
  public static void resample(
      float[] z, int at, int first, int extra, float[] weights, int weightsAt) {
    float[] cumulative = new float[first];
    for (int i = 1; i < first; i++) {
      float mid = 0.5f * (weights[weightsAt + i - 1] + weights[weightsAt + i]);
      cumulative[i] = cumulative[i - 1] + mid + 1e-5f;
    }
    int segment = 0;
    for (int k = 0; k < extra; k++) {
      float target = (k + 0.5f) / extra * cumulative[first - 1];
      while (segment < first - 2 && cumulative[segment + 1] < target) {
        segment++;
      }
      float width = cumulative[segment + 1] - cumulative[segment];
      float t = (target - cumulative[segment]) / width;
      z[at + first + k] = z[at + segment] + t * (z[at + segment + 1] - z[at + segment]);
    }
    Arrays.sort(z, at, at + first + extra);
  }

  /** A counter-based uniform number in [0, 1): the same on every backend. */
  static float uniform(long seed, int ray, int sample) {
    long h = seed * 0x9E3779B97F4A7C15L + ((long) ray << 20) + sample;
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return ((h ^ (h >>> 31)) >>> 40) * 0x1p-24f;
  }
}
