package io.roomfield.slam.client.replay;

import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.report.FrameReport;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the server says of each tracked frame, and hands every answer on. */
final class FrameRecorder implements FrameListener {
  private final FrameListener next;
  private final List<FrameReport> frames = new ArrayList<>();
  private final List<PoseEstimate> poses = new ArrayList<>();

  FrameRecorder(FrameListener next) {
    this.next = next;
  }

  /** The tracked frames so far, in the order of tracking. */
  synchronized List<FrameReport> frames() {
    return List.copyOf(frames);
  }

  /** Their poses as the server first told them. */
  synchronized List<PoseEstimate> poses() {
    return List.copyOf(poses);
  }

  @Override
  public void accepted(long sequenceNumber) {
    next.accepted(sequenceNumber);
  }

  @Override
  public void rejected(long sequenceNumber, FrameRejected refusal) {
    next.rejected(sequenceNumber, refusal);
  }

  @Override
  public synchronized void tracked(PoseEstimate pose, FrameTracked detail) {
    frames.add(
        new FrameReport(
            pose.sequenceNumber(),
            pose.status(),
            pose.statusReason(),
            detail.getLosses().getDepthM(),
            detail.getLosses().getColour(),
            detail.getTrackingMs()));
    poses.add(pose);
    next.tracked(pose, detail);
  }

  @Override
  public void dropped(long sequenceNumber, String reason) {
    next.dropped(sequenceNumber, reason);
  }
}
