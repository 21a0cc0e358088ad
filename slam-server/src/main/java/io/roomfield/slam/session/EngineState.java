package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapBlock;
import io.roomfield.slam.mapping.MapperState;
import io.roomfield.slam.tracking.TrackerState;
import java.util.List;

/**
 * What another engine needs to go on after a frame as this one would have.
 *
 * @param poses of frames whose pose changed since the last time
 * @param keyframes all, in order of their ids
 * @param blocks those that changed since the last time
 * @param stamp to be asked with the next time
 */
public record EngineState(
    Progress progress,
    List<KeptPose> poses,
    List<KeptKeyframe> keyframes,
    List<MapBlock> blocks,
    long stamp) {

  /**
   * All but what grows with the map.
   *
   * @param frames that were tracked
   * @param lastSequenceNumber the last one's; nothing where there was none
   * @param loops null where none are closed
   */
  public record Progress(
      long frames,
      long lastSequenceNumber,
      TrackerState tracker,
      LoopCloser.State loops,
      MapperState mapper) {}

  /** A keyframe without its images. */
  public record KeptKeyframe(
      int id, long sequenceNumber, long timestampNanos, SE3 worldFromCamera) {
    static KeptKeyframe of(Keyframe keyframe) {
      return new KeptKeyframe(
          keyframe.id(),
          keyframe.frame().sequenceNumber(),
          keyframe.frame().timestampNanos(),
          keyframe.worldFromCamera());
    }
  }
}
