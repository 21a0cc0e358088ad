package io.roomfield.slam.client.replay;

import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.report.FrameReport;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionStatus;
import java.util.List;

/**
 * A sequence that went through a session; the session is finished and still open for queries.
 *
 * @param session as it was opened
 * @param status after the final refinement
 * @param trajectory one pose per tracked frame, as the server knows it at the end
 * @param frames what the server said of each tracked frame when it was tracked
 * @param firstPoses of the same frames, as the server told them then
 * @param latencyMillis from a frame's acceptance to its pose, both as heard here, in their order
 * @param framesSent frames handed to the server
 * @param framesSkipped frames for which there was no room when the sensor's clock came to them
 * @param wallSeconds from the first frame sent to the end of the final refinement
 */
public record ReplayResult(
    Session session,
    SessionStatus status,
    List<PoseEstimate> trajectory,
    List<FrameReport> frames,
    List<PoseEstimate> firstPoses,
    List<Double> latencyMillis,
    int framesSent,
    int framesSkipped,
    double wallSeconds) {

  /** Frames that the server refused. */
  public long framesRejected() {
    return framesSent - status.getFramesAccepted();
  }
}
