package io.roomfield.slam.config;

import io.roomfield.slam.field.DecoderFamily;

/**
 * The scene representation (NICE-SLAM, section 3.1): which decoders, and voxel edges in metres. The
 * colour grid is as fine as the fine one.
 *
 * @param decoders the family of decoders; it decides the grids' channels
 * @param coarseVoxel of the coarse level; 2 m
 * @param midVoxel of the mid level; 0.32 m
 * @param fineVoxel of the fine and colour levels; 0.16 m
 * @param encodingStddev standard deviation of the colour decoder's Fourier encoding, radians per
 *     metre; 25
 * @param coarseEnabled whether the coarse level is kept and optimised. Where the family has no
 *     coarse decoder, its weights are random
 */
public record GridConfig(
    String decoders,
    double coarseVoxel,
    double midVoxel,
    double fineVoxel,
    double encodingStddev,
    boolean coarseEnabled) {
  /** A sixteenth of any preset's: a map's memory goes with the cube of it. */
  private static final double MIN_VOXEL = 0.005;

  public GridConfig {
    Check.present("grid.decoders", decoders);
    DecoderFamily.checkKnown("grid.decoders", decoders);
    Check.atLeast("grid.coarseVoxel", coarseVoxel, MIN_VOXEL);
    Check.atLeast("grid.midVoxel", midVoxel, MIN_VOXEL);
    Check.atLeast("grid.fineVoxel", fineVoxel, MIN_VOXEL);
    Check.positive("grid.encodingStddev", encodingStddev);
  }
}
