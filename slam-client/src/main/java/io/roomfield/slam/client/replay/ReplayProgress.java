package io.roomfield.slam.client.replay;

import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.Losses;
import io.roomfield.slam.v1.TrackingStatus;

/** Counts what became of a replay's frames, and shows it as it happens. */
public abstract class ReplayProgress implements FrameListener, AutoCloseable {
  private long startNanos;
  private boolean started;
  private int settled;
  private int lost;
  private int dropped;
  private int rejected;
  private String line = "";

  /** Time counts from the first frame: a live session takes seconds to open. */
  @Override
  public final synchronized void accepted(long sequenceNumber) {
    if (!started) {
      started = true;
      startNanos = System.nanoTime();
    }
  }

  @Override
  public final synchronized void tracked(PoseEstimate pose, FrameTracked detail) {
    settled++;
    if (pose.status() == TrackingStatus.TRACKING_STATUS_LOST) {
      lost++;
    }
    line =
        String.format(
            "%.1f frames/s, %s%s, %d keyframes",
            settled / ((System.nanoTime() - startNanos) / 1e9),
            status(pose.status()),
            losses(detail.getLosses()),
            detail.getKeyframes());
    show(settled, line + troubles());
  }

  /** Nothing where a lost frame had nothing to compare. */
  private static String losses(Losses losses) {
    return Double.isNaN(losses.getDepthM())
        ? ""
        : ", depth %.1f cm, colour %.3f".formatted(losses.getDepthM() * 100, losses.getColour());
  }

  @Override
  public final synchronized void dropped(long sequenceNumber, String reason) {
    settled++;
    dropped++;
    tell("frame %d dropped: %s".formatted(sequenceNumber, reason));
    show(settled, line + troubles());
  }

  @Override
  public final synchronized void rejected(long sequenceNumber, FrameRejected refusal) {
    settled++;
    rejected++;
    tell("refused: " + refusal.getMessage());
    show(settled, line + troubles());
  }

  /**
   * Shows where the replay is.
   *
   * @param framesSettled frames with a pose, dropped or refused
   */
  protected abstract void show(int framesSettled, String state);

  /** Shows a sentence of its own. */
  public abstract void tell(String sentence);

  @Override
  public abstract void close();

  private String troubles() {
    return count(lost, "lost") + count(dropped, "dropped") + count(rejected, "refused");
  }

  private static String count(int frames, String what) {
    return frames == 0 ? "" : ", %d %s".formatted(frames, what);
  }

  private static String status(TrackingStatus status) {
    return switch (status) {
      case TRACKING_STATUS_TRACKING -> "tracking";
      case TRACKING_STATUS_UNCERTAIN -> "uncertain";
      case TRACKING_STATUS_LOST -> "lost";
      case TRACKING_STATUS_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
