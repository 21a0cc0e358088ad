package io.roomfield.slam.config;

/**
 * The front end: dense alignment of a frame with keyframes (docs/adr/0011).
 *
 * @param references keyframes that a frame is aligned with; 0 for no front end, where the map's
 *     rendering alone finds the pose, as published
 * @param intensitySigma standard deviation of an intensity residual, intensities in 0..1
 * @param keyframeMetres a frame so far from its nearest reference becomes a keyframe, metres
 * @param keyframeDegrees or turned by so much
 * @param closeLoops whether keyframes and map are corrected when the camera comes back to where it
 *     was; needs references (docs/adr/0013)
 */
public record AlignmentConfig(
    int references,
    double intensitySigma,
    double keyframeMetres,
    double keyframeDegrees,
    boolean closeLoops) {
  public AlignmentConfig {
    Check.atLeast("alignment.references", references, 0);
    Check.positive("alignment.intensitySigma", intensitySigma);
    Check.positive("alignment.keyframeMetres", keyframeMetres);
    Check.positive("alignment.keyframeDegrees", keyframeDegrees);
    if (closeLoops && references == 0) {
      throw new IllegalArgumentException(
          "alignment.closeLoops: true with 0 references (expected: false, or a front end)");
    }
  }

  /** Whether there is a front end. */
  public boolean enabled() {
    return references > 0;
  }
}
