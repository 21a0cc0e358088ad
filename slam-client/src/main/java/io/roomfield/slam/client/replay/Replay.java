package io.roomfield.slam.client.replay;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionStatus;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Streams a sequence through a session: send the frames, finish. No more frames are in flight than
 * the session queues, so a replay loses none to a full queue.
 */
public final class Replay {
  /** In real time one frame is being tracked while the next is decoded; more would only wait. */
  private static final int REALTIME_IN_FLIGHT = 2;

  private final SlamClient client;

  public Replay(SlamClient client) {
    this.client = client;
  }

  /**
   * Runs the whole sequence; the caller closes the session.
   *
   * @param session new; camera and depth scale must be the dataset's
   * @throws IOException if an image cannot be read; the session is deleted then
   */
  public ReplayResult run(
      RgbdDataset dataset, Session session, SendRate rate, ReplayProgress progress)
      throws IOException, InterruptedException {
    try {
      return sendAndFinish(dataset, session, rate, progress);
    } catch (IOException | InterruptedException | RuntimeException e) {
      delete(session, e);
      throw e;
    }
  }

  private ReplayResult sendAndFinish(
      RgbdDataset dataset, Session session, SendRate rate, ReplayProgress progress)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    FrameRecorder recorder = new FrameRecorder(progress);
    int sent = send(dataset, session, rate, recorder);
    progress.tell("final refinement");
    SessionStatus status = client.finishSession(session.getSessionId());
    double wallSeconds = (System.nanoTime() - startNanos) / 1e9;
    return new ReplayResult(
        session,
        status,
        client.trajectory(session.getSessionId()),
        recorder.frames(),
        recorder.poses(),
        recorder.latencyMillis(),
        sent,
        dataset.frames().size() - sent,
        wallSeconds);
  }

  private void delete(Session session, Exception reason) {
    try {
      client.deleteSession(session.getSessionId());
    } catch (SlamClientException e) {
      reason.addSuppressed(e);
    }
  }

  /** Sends the frames; in real time each when its time has come, if there is room. */
  private int send(RgbdDataset dataset, Session session, SendRate rate, FrameListener listener)
      throws IOException, InterruptedException {
    boolean inTime = rate == SendRate.REALTIME;
    int room = inTime ? REALTIME_IN_FLIGHT : Integer.MAX_VALUE;
    int maxInFlight = Math.clamp(session.getQueueCapacity(), 1, room);
    int sent = 0;
    try (FrameStreamer streamer =
        client.streamFrames(session.getSessionId(), maxInFlight, listener)) {
      long startNanos = System.nanoTime();
      for (RgbdEntry frame : dataset.frames()) {
        ColourImage colour = frame.colour().load();
        DepthImage depth = frame.depth().load();
        boolean hasRoom = true;
        if (inTime) {
          long sinceFirst = frame.timestampNanos() - dataset.frames().getFirst().timestampNanos();
          TimeUnit.NANOSECONDS.sleep(startNanos + sinceFirst - System.nanoTime());
          hasRoom = streamer.offer(frame.index(), frame.timestampNanos(), colour, depth);
        } else {
          streamer.send(frame.index(), frame.timestampNanos(), colour, depth);
        }
        sent += hasRoom ? 1 : 0;
      }
      streamer.finish();
    }
    return sent;
  }
}
