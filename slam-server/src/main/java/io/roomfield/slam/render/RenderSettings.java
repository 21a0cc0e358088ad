package io.roomfield.slam.render;

/**
 * How samples are put on a ray (algorithm, section 2; NICE-SLAM, section 3.2).
 *
 * @param stratifiedSamples evenly spaced samples between near and far, at least 2 (N_strat)
 * @param surfaceSamples samples within 5 % of the sensor depth (the paper's N_imp), 0 for none
 * @param importanceSamples samples drawn from the weights of a first pass (NeRF's hierarchical
 *     sampling), 0 for no such pass
 * @param perturb jitter the stratified samples within their intervals
 * @param farFromRay far is {@link RaySampler#FAR_FACTOR} times the ray's own sensor depth where it
 *     has one, not the frame's largest
 */
public record RenderSettings(
    int stratifiedSamples,
    int surfaceSamples,
    int importanceSamples,
    boolean perturb,
    boolean farFromRay) {

  private static final int MAX_SAMPLES = 1024;

  /**
   * @throws IllegalArgumentException naming the field that is out of range
   */
  public RenderSettings {
    check("stratifiedSamples", stratifiedSamples, 2);
    check("surfaceSamples", surfaceSamples, 0);
    check("importanceSamples", importanceSamples, 0);
  }

  /** Samples of a first pass. */
  public int firstPassSamples() {
    return stratifiedSamples + surfaceSamples;
  }

  /** Samples per ray, of all kinds. */
  public int samples() {
    return firstPassSamples() + importanceSamples;
  }

  /** The coarse level's samples: stratified only (algorithm, section 2). */
  public RenderSettings stratifiedOnly() {
    return new RenderSettings(stratifiedSamples, 0, 0, perturb, farFromRay);
  }

  private static void check(String name, int value, int min) {
    if (value < min || value > MAX_SAMPLES) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(name, value, min, MAX_SAMPLES));
    }
  }
}
