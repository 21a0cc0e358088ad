package io.roomfield.slam.tracking;

/** How far a tracked pose can be relied on (algorithm, section 4, "Ours"). */
public enum TrackingStatus {
  /** The pose can be relied on. */
  TRACKING,
  /** The map explains the frame badly, or leaves a direction open. */
  UNCERTAIN,
  /** The pose is the motion model's guess. A lost frame does not change the map. */
  LOST
}
