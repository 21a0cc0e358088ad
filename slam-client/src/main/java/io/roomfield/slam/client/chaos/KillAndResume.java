package io.roomfield.slam.client.chaos;

import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.replay.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Replays whose server is killed while it takes frames: another one is started on the same files,
 * and the client goes on after the last frame that the session has, sending some that it has again.
 *
 * @param runs how many
 */
public record KillAndResume(int runs) implements Scenario {
  /** Frames sent again that the session has already. */
  private static final int SENT_AGAIN = 3;

  /** The server dies up to so long after a frame was accepted: some frames' time. */
  private static final int MOST_MILLIS = 500;

  /** Of the moments. */
  private static final long MOMENTS_SEED = 691;

  /** A killed server's session may err by so much more than an undisturbed one's. */
  private static final double MOST_ATE_RATIO = 1.1;

  private static final double CM = 100;

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
   * What came of a replay.
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
  public record Replayed(
      Moment moment,
      int accepted,
      int missing,
      int forgotten,
      int poses,
      int lost,
      double resumeSeconds,
      double ateMetres) {}

  /**
   * What came of all.
   *
   * @param frames of the walk
   */
  public record Outcome(int frames, Replayed undisturbed, List<Replayed> killed)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return killed.stream().allMatch(this::isGood);
    }

    /** No accepted frame is missing, and the trajectory is as good as without. */
    private boolean isGood(Replayed run) {
      return run.missing == 0
          && run.forgotten == 0
          && run.poses == frames
          && run.ateMetres <= MOST_ATE_RATIO * undisturbed.ateMetres;
    }

    @Override
    public String inWords() {
      return "%d of %d runs lost nothing of %d frames accepted; ATE %.3f cm, %.3f cm undisturbed; streams stood after %.1f s"
          .formatted(
              killed.stream().filter(this::isGood).count(),
              killed.size(),
              killed.stream().mapToInt(Replayed::accepted).sum(),
              CM * killed.stream().mapToDouble(Replayed::ateMetres).max().orElse(Double.NaN),
              CM * undisturbed.ateMetres,
              killed.stream().mapToDouble(Replayed::resumeSeconds).max().orElse(Double.NaN));
    }
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    int frames = stage.walk().shots().size();
    Replayed undisturbed = replay(stage, "undisturbed", Moment.NEVER);
    List<Replayed> killed = new ArrayList<>();
    Random random = new Random(MOMENTS_SEED);
    for (int run = 1; run <= runs; run++) {
      Moment moment = new Moment(1 + random.nextInt(frames - 1), random.nextLong(MOST_MILLIS));
      killed.add(replay(stage, "killed-" + run, moment));
    }
    return new Outcome(frames, undisturbed, killed);
  }

  /**
   * Runs a replay.
   *
   * @param name of its folder
   * @throws IOException if a server does not start, or refuses a frame
   */
  static Replayed replay(Stage stage, String name, Moment moment)
      throws IOException, InterruptedException {
    FrameFates before = new FrameFates(moment.frames());
    String sessionId = moment.frames() > 0 ? killed(stage, name, moment, before) : null;
    long start = System.nanoTime();
    try (ServerProcess server = stage.server(name);
        SlamClient client = Stage.client(server)) {
      if (sessionId == null) {
        sessionId = stage.session(client);
      }
      FrameFates after = new FrameFates();
      double resumeSeconds;
      int forgotten;
      try (FrameStreamer streamer = client.streamFrames(sessionId, Stage.IN_FLIGHT, after)) {
        OptionalLong last = streamer.lastAccepted();
        resumeSeconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        long newest = last.orElse(-1);
        forgotten = (int) before.accepted.stream().filter(n -> n > newest).count();
        stage.send(streamer, newest - SENT_AGAIN);
        streamer.finish();
      }
      if (!after.rejected.isEmpty()) {
        throw new IOException("frames %s were rejected".formatted(after.rejected.keySet()));
      }
      return replayed(
          stage, client, sessionId, new Situation(moment, before, forgotten, resumeSeconds));
    }
  }

  private record Situation(Moment moment, FrameFates before, int forgotten, double resumeSeconds) {}

  /** Streams to a server and kills it; the session's id. */
  private static String killed(Stage stage, String name, Moment moment, FrameFates heard)
      throws IOException, InterruptedException {
    try (ServerProcess server = stage.server(name);
        SlamClient client = Stage.client(server)) {
      String sessionId = stage.session(client);
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
      try (FrameStreamer streamer = client.streamFrames(sessionId, Stage.IN_FLIGHT, heard)) {
        stage.send(streamer, -1);
        streamer.finish();
      } catch (SlamClientException e) {
        // The server is gone: what this is about.
      }
      killer.join();
      return sessionId;
    }
  }

  private static Replayed replayed(Stage stage, SlamClient client, String sessionId, Situation s) {
    client.finishSession(sessionId);
    List<PoseEstimate> trajectory = client.trajectory(sessionId);
    Set<Long> missing = new HashSet<>(s.before.accepted);
    trajectory.forEach(pose -> missing.remove(pose.sequenceNumber()));
    List<TimedPose> poses =
        trajectory.stream()
            .map(pose -> new TimedPose(pose.timestampNanos(), pose.worldFromCamera()))
            .toList();
    List<TimedPose> truth = stage.walk().truth();
    return new Replayed(
        s.moment,
        s.before.accepted.size(),
        missing.size(),
        s.forgotten,
        trajectory.size(),
        (int) client.status(sessionId).getFramesLost(),
        s.resumeSeconds,
        truth.isEmpty() ? Double.NaN : AbsoluteTrajectoryError.of(poses, truth).rmse());
  }
}
