package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SessionStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Sessions that share a server: each streams the same walk, all at a time.
 *
 * @param sessions how many
 */
public record Crowd(int sessions) implements Scenario {
  /** The slowest of a crowd may take so much longer than the fastest. */
  private static final double MOST_TIME_RATIO = 1.5;

  private static final double BYTES_PER_MB = 1e6;

  /**
   * What one session got.
   *
   * @param seconds from its first frame until it was finished
   * @param tracked frames with a pose
   * @param told frames whose fate its client heard
   */
  public record Share(double seconds, int tracked, int told) {}

  /**
   * What came of it.
   *
   * @param frames of the walk
   * @param shares of every session
   * @param slowestToFastest ratio of their times
   * @param serverPeakBytes largest resident set of the server
   */
  public record Outcome(
      int frames, List<Share> shares, double slowestToFastest, long serverPeakBytes)
      implements Scenario.Outcome {
    /** Everybody's frames were tracked, and nobody waited much longer than the others. */
    @Override
    public boolean isGood() {
      return slowestToFastest <= MOST_TIME_RATIO
          && shares.stream().allMatch(s -> s.tracked == frames && s.told == frames);
    }

    @Override
    public String inWords() {
      return "%d sessions at a time: the slowest took %.2f times as long as the fastest, server's peak %.0f MB"
          .formatted(shares.size(), slowestToFastest, serverPeakBytes / BYTES_PER_MB);
    }
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    try (ServerProcess server = stage.server("crowd");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Share>> running = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        Callable<Share> one = () -> one(stage, server);
        running.add(threads.submit(one));
      }
      List<Share> shares = new ArrayList<>();
      for (Future<Share> share : running) {
        shares.add(share.get());
      }
      double fastest = shares.stream().mapToDouble(Share::seconds).min().orElseThrow();
      double slowest = shares.stream().mapToDouble(Share::seconds).max().orElseThrow();
      return new Outcome(
          stage.walk().shots().size(), shares, slowest / fastest, serverPeakBytes(stage, server));
    } catch (ExecutionException e) {
      throw new IOException("a session of the crowd failed: " + e.getCause().getMessage(), e);
    }
  }

  /** Largest resident set of a server, which only a session's status tells. */
  static long serverPeakBytes(Stage stage, ServerProcess server) throws IOException {
    try (SlamClient client = Stage.client(server)) {
      return client.status(stage.session(client)).getServerPeakRssBytes();
    }
  }

  private static Share one(Stage stage, ServerProcess server)
      throws IOException, InterruptedException {
    FrameFates fates = new FrameFates();
    try (SlamClient client = Stage.client(server)) {
      String id = stage.session(client);
      long start = System.nanoTime();
      try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, fates)) {
        stage.send(streamer, -1);
        streamer.finish();
      }
      SessionStatus status = client.finishSession(id);
      double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
      client.closeSession(id);
      return new Share(seconds, (int) status.getFramesTracked(), fates.told.get());
    }
  }
}
