package io.roomfield.slam.config;

/** Samples on a ray; see {@code render.RenderSettings}, which checks them. */
public record RenderingConfig(
    int stratifiedSamples,
    int surfaceSamples,
    int importanceSamples,
    boolean perturb,
    boolean farFromRay) {}
