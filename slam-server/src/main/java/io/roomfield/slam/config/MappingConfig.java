package io.roomfield.slam.config;

/**
 * The mapper (NICE-SLAM, sections 3.3 and 3.4; algorithm, section 3).
 *
 * @param everyFrames a mapping round every so many frames
 * @param maxRoundsBehind in free sync, so many rounds may be unfinished where frames wait for them
 * @param whenBehind what gives way in free sync where the mapper cannot follow
 * @param pixels per iteration, over all frames of the window
 * @param edgeShare share of them that is drawn at depth edges; 0 as published
 * @param iterations per round
 * @param firstFrameIterations of the round on the first frame
 * @param firstFrameRateFactor the first round's learning rates are this times the others
 * @param window frames per round: the current one, the last keyframe, other keyframes
 * @param otherKeyframes which keyframes the others are drawn from
 * @param keyframeEvery a keyframe every so many frames
 * @param encode give newly seen voxels first features from the fused depth; the decoders' family
 *     has to have encoders
 * @param midShare share of a round's iterations that the mid stage ends at
 * @param fineShare share of a round's iterations that the fine stage ends at
 * @param midRate learning rate of the mid features in the mid stage
 * @param fineRate of mid and fine features in the fine and colour stages
 * @param colourRate of colour features
 * @param decoderRate of the colour decoder's weights
 * @param coarseRate of the coarse features
 * @param keepMoments keep Adam's moments from round to round, instead of starting afresh
 * @param poseRate of the window's poses in the colour stage; 0 for no bundle adjustment
 * @param bundleAdjustmentKeyframes poses are optimised from this many keyframes on
 * @param colourWeight of the photometric term
 * @param spaceWeight of what readings say of the space along their rays, free before and occupied
 *     behind, metres a nat of cross-entropy; 0 for none, as published
 * @param frustumMargin voxels farther than this behind the sensor depth are not optimised, metres
 * @param refinementIterations colour-stage iterations when a session is finished
 */
public record MappingConfig(
    int everyFrames,
    int maxRoundsBehind,
    WhenBehind whenBehind,
    int pixels,
    double edgeShare,
    int iterations,
    int firstFrameIterations,
    double firstFrameRateFactor,
    int window,
    KeyframeChoice otherKeyframes,
    int keyframeEvery,
    boolean encode,
    double midShare,
    double fineShare,
    double midRate,
    double fineRate,
    double colourRate,
    double decoderRate,
    double coarseRate,
    boolean keepMoments,
    double poseRate,
    int bundleAdjustmentKeyframes,
    double colourWeight,
    double spaceWeight,
    double frustumMargin,
    int refinementIterations) {
  /** What gives way in free sync where the mapper cannot follow. */
  public enum WhenBehind {
    /** Frames wait for rounds: a recorded sequence must not run away from its map. */
    WAIT,
    /** Rounds of frames that are no keyframes are left out: a camera does not wait. */
    SKIP
  }

  /** Which keyframes a round may draw. */
  public enum KeyframeChoice {
    /** Those that see a part of the current view. */
    OVERLAPPING,
    /** Any: for a map whose every weight counts everywhere, and so forgets what it is not shown. */
    ALL
  }

  // What a configuration of a foreign file may ask for: ten times and more of any preset's.
  private static final int MAX_PIXELS = 100_000;
  private static final int MAX_ITERATIONS = 20_000;
  private static final int MAX_FRAMES = 1000;

  public MappingConfig {
    Check.present("mapping.otherKeyframes", otherKeyframes);
    Check.atLeast("mapping.everyFrames", everyFrames, 1);
    Check.between("mapping.maxRoundsBehind", maxRoundsBehind, 0, MAX_FRAMES);
    Check.present("mapping.whenBehind", whenBehind);
    Check.between("mapping.pixels", pixels, 1, MAX_PIXELS);
    Check.share("mapping.edgeShare", edgeShare);
    Check.between("mapping.iterations", iterations, 1, MAX_ITERATIONS);
    Check.between("mapping.firstFrameIterations", firstFrameIterations, 1, MAX_ITERATIONS);
    Check.positive("mapping.firstFrameRateFactor", firstFrameRateFactor);
    Check.between("mapping.window", window, 2, MAX_FRAMES);
    Check.atLeast("mapping.keyframeEvery", keyframeEvery, 1);
    Check.share("mapping.midShare", midShare);
    Check.share("mapping.fineShare", fineShare);
    Check.atLeast("mapping.fineShare", fineShare, midShare);
    Check.positive("mapping.midRate", midRate);
    Check.positive("mapping.fineRate", fineRate);
    Check.positive("mapping.colourRate", colourRate);
    Check.positive("mapping.decoderRate", decoderRate);
    Check.positive("mapping.coarseRate", coarseRate);
    Check.atLeast("mapping.poseRate", poseRate, 0);
    Check.atLeast("mapping.bundleAdjustmentKeyframes", bundleAdjustmentKeyframes, 1);
    Check.atLeast("mapping.colourWeight", colourWeight, 0);
    Check.atLeast("mapping.spaceWeight", spaceWeight, 0);
    Check.positive("mapping.frustumMargin", frustumMargin);
    Check.between("mapping.refinementIterations", refinementIterations, 0, MAX_ITERATIONS);
  }
}
