package io.roomfield.slam.client.chaos;

import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A replay whose server is killed while it takes frames: another one is started on the same files,
 * and the client goes on after the last frame that the session has, sending some that it has again.
 */
public final class KillAndResume {
  private static final int IN_FLIGHT = 4;

  /** Frames sent again that the session has already. */
  private static final int SENT_AGAIN = 3;

  /**
   * When the server is killed.
   *
   * @param frames after so many were accepted; 0 for never
   * @param millis and so much later
   */
  public record Moment(int frames, long millis) {
    /** The server is left alone. */
    public static final Moment NEVER = new Moment(0, 0);
  }

  /**
   * What came of it.
   *
   * @param moment when the server was killed
   * @param accepted frames whose acceptance was heard before
   * @param missing of these, frames that the trajectory does not have in the end
   * @param forgotten of these, frames that the session did not know when it was opened again
   * @param poses of the whole trajectory
   * @param lost frames without a pose to rely on
   * @param resumeSeconds from the start of the new server until the stream stood again
   * @param ateMetres error of the whole trajectory (RMSE); NaN where the sequence has no truth
   */
  public record Outcome(
      Moment moment,
      int accepted,
      int missing,
      int forgotten,
      int poses,
      int lost,
      double resumeSeconds,
      double ateMetres) {}

  private final RecordedWalk walk;
  private final SessionOptions options;
  private final List<String> serverArguments;
  private final Path folder;

  /**
   * @param folder takes the servers' files and logs
   */
  public KillAndResume(
      RecordedWalk walk, SessionOptions options, List<String> serverArguments, Path folder) {
    this.walk = walk;
    this.options = options;
    this.serverArguments = serverArguments;
    this.folder = folder;
  }

  /** Hears of frames, and counts those accepted. */
  private static final class Heard implements FrameListener {
    final Set<Long> accepted = ConcurrentHashMap.newKeySet();
    final Set<Long> rejected = ConcurrentHashMap.newKeySet();
    private final int frames;
    private final CountDownLatch enough = new CountDownLatch(1);

    Heard(int frames) {
      this.frames = frames;
    }

    @Override
    public void accepted(long sequenceNumber) {
      accepted.add(sequenceNumber);
      if (accepted.size() == frames) {
        enough.countDown();
      }
    }

    @Override
    public void rejected(long sequenceNumber, FrameRejected refusal) {
      rejected.add(sequenceNumber);
    }

    @Override
    public void tracked(PoseEstimate pose, FrameTracked detail) {}

    @Override
    public void dropped(long sequenceNumber, String reason) {}
  }

  /**
   * Runs a replay.
   *
   * @param name of the run's folder
   * @throws IOException if a server does not start, or refuses a frame
   */
  public Outcome run(String name, Moment moment) throws IOException, InterruptedException {
    Path data = folder.resolve(name);
    Path log = folder.resolve(name + ".log");
    Heard before = new Heard(moment.frames());
    String sessionId = null;
    if (moment.frames() > 0) {
      sessionId = killed(data, log, moment, before);
    }
    long start = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(serverArguments, log, data);
        SlamClient client = SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE)) {
      if (sessionId == null) {
        sessionId = client.createSession(options).getSessionId();
      }
      Heard after = new Heard(0);
      double resumeSeconds;
      int forgotten;
      try (FrameStreamer streamer = client.streamFrames(sessionId, IN_FLIGHT, after)) {
        OptionalLong last = streamer.lastAccepted();
        resumeSeconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        long newest = last.orElse(-1);
        forgotten = (int) before.accepted.stream().filter(n -> n > newest).count();
        send(streamer, newest - SENT_AGAIN);
        streamer.finish();
      }
      if (!after.rejected.isEmpty()) {
        throw new IOException("frames %s were rejected".formatted(after.rejected));
      }
      return outcome(client, sessionId, new Situation(moment, before, forgotten, resumeSeconds));
    }
  }

  private record Situation(Moment moment, Heard before, int forgotten, double resumeSeconds) {}

  /** Streams to a server and kills it; the session's id. */
  private String killed(Path data, Path log, Moment moment, Heard heard)
      throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(serverArguments, log, data);
    try (server;
        SlamClient client = SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE)) {
      Session session = client.createSession(options);
      Thread killer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      heard.enough.await();
                      TimeUnit.MILLISECONDS.sleep(moment.millis());
                      server.kill();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      try (FrameStreamer streamer = client.streamFrames(session.getSessionId(), IN_FLIGHT, heard)) {
        send(streamer, -1);
        streamer.finish();
      } catch (SlamClientException e) {
        // The server is gone: what this is about.
      }
      killer.join();
      return session.getSessionId();
    }
  }

  private void send(FrameStreamer streamer, long after) throws InterruptedException {
    for (RecordedWalk.Shot shot : walk.shots()) {
      if (shot.entry().index() > after) {
        streamer.send(
            shot.entry().index(), shot.entry().timestampNanos(), shot.colour(), shot.depth());
      }
    }
  }

  private Outcome outcome(SlamClient client, String sessionId, Situation s) {
    client.finishSession(sessionId);
    List<PoseEstimate> trajectory = client.trajectory(sessionId);
    Set<Long> known = new HashSet<>();
    trajectory.forEach(pose -> known.add(pose.sequenceNumber()));
    Set<Long> missing = new HashSet<>(s.before.accepted);
    missing.removeAll(known);
    List<TimedPose> poses =
        trajectory.stream()
            .map(pose -> new TimedPose(pose.timestampNanos(), pose.worldFromCamera()))
            .toList();
    int lost = (int) client.status(sessionId).getFramesLost();
    return new Outcome(
        s.moment,
        s.before.accepted.size(),
        missing.size(),
        s.forgotten,
        trajectory.size(),
        lost,
        s.resumeSeconds,
        walk.truth().isEmpty()
            ? Double.NaN
            : AbsoluteTrajectoryError.of(poses, walk.truth()).rmse());
  }
}
