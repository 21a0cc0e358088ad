package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.SessionStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * No fault at all, for long: a camera walks to and fro, 30 frames a second at most, and heap and
 * disk are looked at every thousand frames.
 *
 * @param frames how many
 * @param progress told of every look
 */
public record Soak(int frames, Consumer<Look> progress) implements Scenario {
  private static final String NAME = "soak";
  private static final int LOOK_EVERY = 1000;

  /** A camera's: images wait on disk for the next checkpoint, the more the faster they come. */
  private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(1) / 30;

  /**
   * What a frame may leave in the heap for good: its pose in the trajectory, with its number and
   * time, in the engine, among the accepted frames and in the front end's history. Some objects of
   * some ten words each.
   */
  private static final double MOST_HEAP_BYTES_A_FRAME = 2048;

  /** What a frame may leave on disk for good: its row, with the pose's record. */
  private static final double MOST_DISK_BYTES_A_FRAME = 4096;

  /** jcmd's last line: live objects and their bytes, after a full collection. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+(\\d+)\\s+(\\d+)");

  private static final double BYTES_PER_MB = 1e6;

  /**
   * Heap and disk after so many frames.
   *
   * @param heapBytes of what is reachable, after a full collection
   * @param diskBytes of all the server's files, the write-ahead log among them
   * @param keyframes of the session
   * @param mapBytes of the grids and decoders
   * @param told frames of whose fate the client heard
   * @param seconds since the first
   */
  public record Look(
      int frames,
      long heapBytes,
      long diskBytes,
      int keyframes,
      long mapBytes,
      int told,
      double seconds) {
    /** On a line. */
    public String inWords() {
      return "%d frames, %.0f s: heap %.1f MB, disk %.1f MB, %d keyframes, map %.1f MB"
          .formatted(
              frames,
              seconds,
              heapBytes / BYTES_PER_MB,
              diskBytes / BYTES_PER_MB,
              keyframes,
              mapBytes / BYTES_PER_MB);
    }
  }

  /**
   * What came of it.
   *
   * @param looks in order
   * @param told frames of whose fate the client heard
   * @param heapBytesAFrame growth from the second to the last quarter, when the map has long been
   *     whole; NaN of less than four looks
   * @param diskBytesAFrame the same of the disk
   */
  public record Outcome(
      List<Look> looks, int frames, int told, double heapBytesAFrame, double diskBytesAFrame)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return told == frames
          && heapBytesAFrame <= MOST_HEAP_BYTES_A_FRAME
          && diskBytesAFrame <= MOST_DISK_BYTES_A_FRAME;
    }

    @Override
    public String inWords() {
      return "%d of %d frames told; from the second quarter to the last a frame left %.0f bytes in the heap and %.0f on disk"
          .formatted(told, frames, heapBytesAFrame, diskBytesAFrame);
    }
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    FrameFates fates = new FrameFates();
    List<Look> looks = new ArrayList<>();
    try (ServerProcess server = stage.server(NAME);
        SlamClient client = Stage.client(server)) {
      String id = stage.session(client);
      long start = System.nanoTime();
      long next = start;
      try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, fates)) {
        for (int n = 0; n < frames; n++) {
          TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
          next = Math.max(next, System.nanoTime()) + FRAME_NANOS; // never catches up
          RecordedWalk.Shot shot = stage.walk().shots().get(stage.walk().toAndFro(n));
          streamer.send(n, stage.walk().nanosAt(n), shot.colour(), shot.depth());
          if ((n + 1) % LOOK_EVERY == 0) {
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            SessionStatus status = client.status(id);
            looks.add(
                new Look(
                    n + 1,
                    heapBytes(server),
                    diskBytes(stage.data(NAME)),
                    status.getKeyframes(),
                    status.getMapBytes(),
                    fates.told.get(),
                    seconds));
            progress.accept(looks.getLast());
          }
        }
        streamer.finish();
      }
    }
    return new Outcome(
        looks,
        frames,
        fates.told.get(),
        growth(looks, Look::heapBytes),
        growth(looks, Look::diskBytes));
  }

  /**
   * Bytes a frame, from the second quarter's smallest to the last quarter's: a look may come while
   * a checkpoint is on its way.
   */
  private static double growth(List<Look> looks, ToLongFunction<Look> bytes) {
    int quarter = looks.size() / 4;
    if (quarter == 0) {
      return Double.NaN; // too short to tell
    }
    Look early = smallest(looks.subList(quarter, 2 * quarter), bytes);
    Look late = smallest(looks.subList(3 * quarter, looks.size()), bytes);
    return (bytes.applyAsLong(late) - bytes.applyAsLong(early))
        / (double) (late.frames - early.frames);
  }

  private static Look smallest(List<Look> looks, ToLongFunction<Look> bytes) {
    return looks.stream().min(Comparator.comparingLong(bytes)).orElseThrow();
  }

  private static long heapBytes(ServerProcess server) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    Matcher total = TOTAL.matcher(said);
    if (!total.find()) {
      throw new IOException(
          "jcmd: %s (expected: a histogram of the server's heap)"
              .formatted(said.lines().findFirst().orElse("")));
    }
    return Long.parseLong(total.group(2));
  }

  private static long diskBytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
