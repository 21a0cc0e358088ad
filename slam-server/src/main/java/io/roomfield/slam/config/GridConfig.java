package io.roomfield.slam.config;

/**
 * Voxel edges in metres (NICE-SLAM, section 3.1). The colour grid is as fine as the fine one.
 *
 * @param coarseVoxel of the coarse level; 2 m
 * @param midVoxel of the mid level; 0.32 m
 * @param fineVoxel of the fine and colour levels; 0.16 m
 * @param coarseEnabled whether the coarse level is kept and optimised. No pretrained coarse decoder
 *     exists yet: its weights are random and optimised online
 */
public record GridConfig(
    double coarseVoxel, double midVoxel, double fineVoxel, boolean coarseEnabled) {
  public GridConfig {
    Check.positive("grid.coarseVoxel", coarseVoxel);
    Check.positive("grid.midVoxel", midVoxel);
    Check.positive("grid.fineVoxel", fineVoxel);
  }
}
