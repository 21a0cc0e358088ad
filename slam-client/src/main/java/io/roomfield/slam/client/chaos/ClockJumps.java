package io.roomfield.slam.client.chaos;

import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.replay.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A camera's clock that jumps: an hour ahead after a third of the walk, a century after two thirds;
 * in between some frames come with the time of an hour and of a year ago, which are refused, and
 * come again with the right one.
 */
public record ClockJumps() implements Scenario {
  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final long YEAR = Duration.ofDays(365).toNanos();
  private static final long CENTURY = 100 * YEAR;
  private static final double CM = 100;

  /** As {@link KillAndResume} allows a killed server's session. */
  private static final double MOST_ATE_RATIO = 1.1;

  private static final String TIME_FIELD = "frame.timestamp_ns";

  /**
   * What came of it.
   *
   * @param frames of the walk
   * @param back frames sent with a time that lies back
   * @param refused of these, frames that were refused for their time
   * @param poses of the whole trajectory
   * @param lost frames without a pose to rely on
   * @param undisturbedLost the same where the clock does not jump
   * @param ateMetres error of the whole trajectory (RMSE)
   * @param undisturbedAteMetres the same where the clock does not jump
   */
  public record Outcome(
      int frames,
      int back,
      int refused,
      int poses,
      int lost,
      int undisturbedLost,
      double ateMetres,
      double undisturbedAteMetres)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return refused == back
          && poses == frames
          && lost <= undisturbedLost
          && ateMetres <= MOST_ATE_RATIO * undisturbedAteMetres;
    }

    @Override
    public String inWords() {
      return "%d of %d frames from the past refused, %d of %d tracked, %d lost (%d without jumps); ATE %.3f cm, %.3f cm without"
          .formatted(
              refused,
              back,
              poses,
              frames,
              lost,
              undisturbedLost,
              CM * ateMetres,
              CM * undisturbedAteMetres);
    }
  }

  private record Walked(FrameFates fates, int poses, int lost, double ateMetres) {}

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    try (ServerProcess server = stage.server("clock");
        SlamClient client = Stage.client(server)) {
      Walked undisturbed = walk(stage, client, false);
      Walked jumping = walk(stage, client, true);
      long refused =
          jumping.fates.rejected.values().stream()
              .filter(refusal -> refusal.getBadInput().getField().equals(TIME_FIELD))
              .count();
      return new Outcome(
          stage.walk().shots().size(),
          2,
          (int) refused,
          jumping.poses,
          jumping.lost,
          undisturbed.lost,
          jumping.ateMetres,
          undisturbed.ateMetres);
    }
  }

  private static Walked walk(Stage stage, SlamClient client, boolean jumps)
      throws IOException, InterruptedException {
    String id = stage.session(client);
    FrameFates fates = new FrameFates();
    List<RecordedWalk.Shot> shots = stage.walk().shots();
    int third = shots.size() / 3;
    try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, fates)) {
      for (int i = 0; i < shots.size(); i++) {
        RecordedWalk.Shot shot = shots.get(i);
        long time = shot.entry().timestampNanos() + (jumps ? ahead(i / third) : 0);
        if (jumps && i > 0 && i % third == 0 && i / third <= 2) {
          long back = i / third == 1 ? HOUR : YEAR;
          long past = shots.get(i - 1).entry().timestampNanos() + ahead((i - 1) / third) - back;
          streamer.send(shot.entry().index(), past, shot.colour(), shot.depth());
        }
        streamer.send(shot.entry().index(), time, shot.colour(), shot.depth());
      }
      streamer.finish();
    }
    client.finishSession(id);
    List<PoseEstimate> trajectory = client.trajectory(id);
    int lost = (int) client.status(id).getFramesLost();
    client.closeSession(id);
    return new Walked(fates, trajectory.size(), lost, error(stage, trajectory));
  }

  private static long ahead(int thirds) {
    return switch (thirds) {
      case 0 -> 0;
      case 1 -> HOUR;
      default -> CENTURY;
    };
  }

  /** By the frames' own times: those that were sent have jumped. */
  private static double error(Stage stage, List<PoseEstimate> trajectory) {
    List<TimedPose> poses = new ArrayList<>();
    for (RecordedWalk.Shot shot : stage.walk().shots()) {
      trajectory.stream()
          .filter(pose -> pose.sequenceNumber() == shot.entry().index())
          .forEach(
              pose ->
                  poses.add(new TimedPose(shot.entry().timestampNanos(), pose.worldFromCamera())));
    }
    return AbsoluteTrajectoryError.of(poses, stage.walk().truth()).rmse();
  }
}
