package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A server with a small heap, a session of large images that outgrows it, and one of small images
 * beside it that goes on.
 *
 * @param heapMegabytes of the server
 */
public record HeapExhausted(int heapMegabytes) implements Scenario {
  private static final String NAME = "heap";

  /** Of the greedy session's images: 160x120 becomes 1600x1200, 5.8 MB of colour a frame. */
  private static final int MAGNIFICATION = 10;

  /** Frames after which the heap should long be full. */
  private static final int MOST_FRAMES = 200;

  private static final String EXHAUSTED = "OutOfMemoryError";

  /**
   * What came of it.
   *
   * @param exhausted whether the server's log tells of an OutOfMemoryError
   * @param greedyAccepted frames of the greedy session that were accepted
   * @param greedyRefused frames of it that were refused
   * @param greedyDropped frames of it that were given up
   * @param greedyEnd code and reason with which its stream ended; empty if it did not
   * @param modestSent frames of the other
   * @param modestTold of these, frames of whose fate its client heard
   * @param modestTracked of these, frames with a pose
   * @param modestEnd code and reason with which its stream ended; empty if it did not
   * @param serverLived whether it took a new session in the end
   */
  public record Outcome(
      boolean exhausted,
      int greedyAccepted,
      int greedyRefused,
      int greedyDropped,
      String greedyEnd,
      int modestSent,
      int modestTold,
      int modestTracked,
      String modestEnd,
      boolean serverLived)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return exhausted && serverLived && modestTold == modestSent && modestTracked == modestSent;
    }

    @Override
    public String inWords() {
      return "%s; greedy session: %d accepted, %d refused, %d given up, ended with \"%s\"; the other: %d of %d tracked%s; %s"
          .formatted(
              exhausted ? "the heap ran out" : "THE HEAP DID NOT RUN OUT",
              greedyAccepted,
              greedyRefused,
              greedyDropped,
              greedyEnd,
              modestTracked,
              modestSent,
              modestEnd.isEmpty() ? "" : ", ended with \"" + modestEnd + '"',
              serverLived ? "a new session opened" : "THE SERVER TOOK NO NEW SESSION");
    }
  }

  private record Greedy(FrameFates fates, String end) {}

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    String heap = heapMegabytes + "m";
    Stage strict = stage.with(SyncMode.SYNC_MODE_STRICT);
    try (ServerProcess server = strict.server(NAME, "-Xmx" + heap, "-XX:SoftMaxHeapSize=" + heap);
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        SlamClient client = Stage.client(server)) {
      Callable<Greedy> greed = () -> greedy(strict, server);
      Future<Greedy> running = thread.submit(greed);
      String id = strict.session(client);
      FrameFates modest = new FrameFates();
      int sent = 0;
      String end = "";
      try (FrameStreamer streamer = client.streamFrames(id, 1, modest)) {
        while (!running.isDone() || sent < strict.walk().shots().size()) {
          RecordedWalk.Shot shot = strict.walk().shots().get(strict.walk().toAndFro(sent));
          streamer.send(sent, strict.walk().nanosAt(sent), shot.colour(), shot.depth());
          sent++;
        }
        streamer.finish();
      } catch (SlamClientException e) {
        end = e.code() + ": " + e.getMessage();
      }
      Greedy greedy = running.get();
      return new Outcome(
          Files.readString(server.logFile()).contains(EXHAUSTED),
          greedy.fates.accepted.size(),
          greedy.fates.rejected.size(),
          greedy.fates.dropped.size(),
          greedy.end,
          sent,
          modest.told.get(),
          modest.tracked.size(),
          end,
          opens(strict, client));
    } catch (ExecutionException e) {
      throw new IOException("the greedy session's client failed: " + e.getCause(), e);
    }
  }

  private static Greedy greedy(Stage stage, ServerProcess server)
      throws IOException, InterruptedException {
    RecordedWalk large = stage.walk().magnified(MAGNIFICATION);
    SessionOptions o = stage.options();
    SessionOptions options =
        new SessionOptions(
            large.camera(),
            o.depthScale(),
            o.preset(),
            o.initialWorldFromCamera(),
            o.sync(),
            o.seed(),
            "greedy");
    FrameFates fates = new FrameFates();
    try (SlamClient client = Stage.client(server)) {
      String id = client.createSession(options).getSessionId();
      try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, fates)) {
        for (int n = 0; n < MOST_FRAMES; n++) {
          RecordedWalk.Shot shot = large.shots().get(large.toAndFro(n));
          streamer.send(n, large.nanosAt(n), shot.colour(), shot.depth());
        }
        streamer.finish();
      }
      return new Greedy(fates, "");
    } catch (SlamClientException e) {
      return new Greedy(fates, e.code() + ": " + e.getMessage());
    }
  }

  private static boolean opens(Stage stage, SlamClient client) {
    try {
      stage.session(client);
      return true;
    } catch (SlamClientException e) {
      return false;
    }
  }
}
