package io.roomfield.slam.client.replay;

import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.report.FrameReport;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what the server says of each tracked frame, and hands every answer on. */
final class FrameRecorder implements FrameListener {
  private final FrameListener next;
  private final List<FrameReport> frames = new ArrayList<>();
  private final List<PoseEstimate> poses = new ArrayList<>();
  private final Map<Long, Long> acceptedNanos = new HashMap<>();
  private final List<Double> latencyMillis = new ArrayList<>();

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

  /** From a frame's acceptance to its pose, as heard here. */
  synchronized List<Double> latencyMillis() {
    return List.copyOf(latencyMillis);
  }

  @Override
  public synchronized void accepted(long sequenceNumber) {
    acceptedNanos.put(sequenceNumber, System.nanoTime());
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
    long accepted = acceptedNanos.remove(pose.sequenceNumber());
    latencyMillis.add((System.nanoTime() - accepted) / 1e6);
    next.tracked(pose, detail);
  }

  @Override
  public void dropped(long sequenceNumber, String reason) {
    next.dropped(sequenceNumber, reason);
  }
}
