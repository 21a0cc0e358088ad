package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions that share a server: each streams the same walk, all at a time. */
public final class Crowd {
  private static final int IN_FLIGHT = 4;

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
   * @param shares of every session
   * @param slowestToFastest ratio of their times
   * @param serverPeakBytes largest resident set of the server
   */
  public record Outcome(List<Share> shares, double slowestToFastest, long serverPeakBytes) {}

  private final RecordedWalk walk;
  private final SessionOptions options;
  private final List<String> serverArguments;
  private final Path folder;

  /**
   * @param folder takes the server's files and log
   */
  public Crowd(
      RecordedWalk walk, SessionOptions options, List<String> serverArguments, Path folder) {
    this.walk = walk;
    this.options = options;
    this.serverArguments = serverArguments;
    this.folder = folder;
  }

  /**
   * Runs so many sessions.
   *
   * @throws IOException if the server does not start, or a session fails
   */
  public Outcome run(int sessions) throws IOException, InterruptedException {
    try (ServerProcess server =
            ServerProcess.start(
                serverArguments, folder.resolve("crowd.log"), folder.resolve("crowd"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Share>> running = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        Callable<Share> one = () -> one(server.hostAndPort());
        running.add(threads.submit(one));
      }
      List<Share> shares = new ArrayList<>();
      for (Future<Share> share : running) {
        shares.add(share.get());
      }
      double fastest = shares.stream().mapToDouble(Share::seconds).min().orElseThrow();
      double slowest = shares.stream().mapToDouble(Share::seconds).max().orElseThrow();
      try (SlamClient client = SlamClient.connect(server.hostAndPort(), ConnectionSecurity.NONE)) {
        Session last = client.createSession(options); // only to be told what the server took
        long peak = client.status(last.getSessionId()).getServerPeakRssBytes();
        return new Outcome(shares, slowest / fastest, peak);
      }
    } catch (ExecutionException e) {
      throw new IOException("a session of the crowd failed: " + e.getCause().getMessage(), e);
    }
  }

  private Share one(String hostAndPort) throws IOException, InterruptedException {
    AtomicInteger told = new AtomicInteger();
    FrameListener listener =
        new FrameListener() {
          @Override
          public void rejected(long sequenceNumber, FrameRejected refusal) {
            told.incrementAndGet();
          }

          @Override
          public void tracked(PoseEstimate pose, FrameTracked detail) {
            told.incrementAndGet();
          }

          @Override
          public void dropped(long sequenceNumber, String reason) {
            told.incrementAndGet();
          }
        };
    try (SlamClient client = SlamClient.connect(hostAndPort, ConnectionSecurity.NONE)) {
      String id = client.createSession(options).getSessionId();
      long start = System.nanoTime();
      try (FrameStreamer streamer = client.streamFrames(id, IN_FLIGHT, listener)) {
        for (RecordedWalk.Shot shot : walk.shots()) {
          streamer.send(
              shot.entry().index(), shot.entry().timestampNanos(), shot.colour(), shot.depth());
        }
        streamer.finish();
      }
      SessionStatus status = client.finishSession(id);
      double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
      client.closeSession(id);
      return new Share(seconds, (int) status.getFramesTracked(), told.get());
    }
  }
}
