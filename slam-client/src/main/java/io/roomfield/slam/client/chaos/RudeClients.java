package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SyncMode;
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
 * Clients that do what they should not, each beside one that sends a frame, waits for its pose and
 * sends the next: what they get, and how long the quiet one waits.
 */
public record RudeClients() implements Scenario {
  /**
   * A quiet client's frames may take so much longer beside a rude one: a neighbour that floods has
   * a session that is tracked and mapped all the time, which is half of the machine, and the
   * machine may have other work.
   */
  private static final double MOST_SLOWDOWN = 3;

  /**
   * The server may need so much more than its flags let the heap grow to: class data, threads,
   * natives, buffers of connections.
   */
  private static final long MOST_PEAK_BYTES = 5L << 30;

  private static final double BYTES_PER_MB = 1e6;

  /**
   * What one kind of client got.
   *
   * @param kind what it does
   * @param sent frames
   * @param told frames of whose fate it heard, or that the session has where it did not listen
   * @param aloneMillis mean time of the quiet client's frames just before
   * @param slowdown mean time of the quiet client's frames, over that without a rude one
   * @param quietTold frames of whose fate the quiet client heard
   */
  public record Beside(
      String kind, int sent, int told, double aloneMillis, double slowdown, int quietTold) {}

  /**
   * What came of it.
   *
   * @param frames of the walk
   * @param beside every kind
   * @param serverPeakBytes largest resident set of the server
   */
  public record Outcome(int frames, List<Beside> beside, long serverPeakBytes)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return serverPeakBytes <= MOST_PEAK_BYTES && beside.stream().allMatch(this::isGood);
    }

    private boolean isGood(Beside b) {
      return b.told == b.sent && b.quietTold == frames && b.slowdown <= MOST_SLOWDOWN;
    }

    @Override
    public String inWords() {
      StringBuilder words = new StringBuilder("a quiet client's frames take");
      for (Beside b : beside) {
        words.append(
            " %.2f times their %.0f ms beside one that %s (%d of its %d frames told)%s,"
                .formatted(
                    b.slowdown, b.aloneMillis, b.kind, b.told, b.sent, isGood(b) ? "" : " FAILED"));
      }
      return words + " server's peak %.0f MB".formatted(serverPeakBytes / BYTES_PER_MB);
    }
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    try (ServerProcess server = stage.server("rude")) {
      quiet(stage, server); // so that what is measured finds compiled code
      List<Beside> beside = new ArrayList<>();
      for (RudeClient.Kind kind : RudeClient.Kind.values()) {
        beside.add(beside(stage, server, kind));
      }
      return new Outcome(stage.walk().shots().size(), beside, Crowd.serverPeakBytes(stage, server));
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause(), e);
    }
  }

  private static Beside beside(Stage stage, ServerProcess server, RudeClient.Kind kind)
      throws IOException, InterruptedException, ExecutionException {
    SyncMode sync =
        kind == RudeClient.Kind.FLOODS_FREE ? SyncMode.SYNC_MODE_FREE : SyncMode.SYNC_MODE_STRICT;
    Quiet alone = quiet(stage, server); // every time anew: the machine may have other work
    RudeClient rude = new RudeClient(stage.with(sync), server, kind);
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<RudeClient.Reported> work = rude::work;
      Future<RudeClient.Reported> reported = thread.submit(work);
      rude.awaitStart();
      Quiet quiet;
      try {
        quiet = quiet(stage, server);
      } finally {
        rude.stop();
      }
      return new Beside(
          kind.words(),
          reported.get().sent(),
          reported.get().told(),
          alone.millis,
          quiet.millis / alone.millis,
          quiet.told);
    }
  }

  private record Quiet(int told, double millis) {}

  private static Quiet quiet(Stage stage, ServerProcess server)
      throws IOException, InterruptedException {
    try (SlamClient client = Stage.client(server)) {
      String id = stage.session(client);
      FrameFates fates = new FrameFates();
      long start = System.nanoTime();
      try (FrameStreamer streamer = client.streamFrames(id, 1, fates)) {
        stage.send(streamer, -1);
        streamer.finish();
      }
      double nanos = System.nanoTime() - start;
      client.deleteSession(id);
      return new Quiet(
          fates.told.get(), nanos / stage.walk().shots().size() / TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
