package io.roomfield.slam.client.chaos;

import io.grpc.Status;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.FrameRejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * A disk without room: a small file system in memory, most of which a file takes that is not the
 * server's. Frames are sent until one is refused, a second session is asked for, room is made, and
 * the rest is sent. Mounting needs root; without, nothing is tried, and the outcome says so.
 */
public record DiskFull() implements Scenario {
  private static final String NAME = "disk-full";

  /** With room for the map's first checkpoints, in the write-ahead log and out of it. */
  private static final long DISK_BYTES = 256L << 20;

  /** What is left when the session is open: room for two frames of 160x120, and no more. */
  private static final long LEFT_BYTES = 256L << 10;

  /**
   * What came of it.
   *
   * @param notRun why it could not be tried; empty if it was
   * @param accepted frames before the disk was full
   * @param refusal of the first frame that was refused; empty if none was
   * @param isRefusalExhausted whether its code is RESOURCE_EXHAUSTED
   * @param streamEnd why the stream ended
   * @param newSession what a client was told that asked for a session then
   * @param isNewSessionExhausted whether its code is RESOURCE_EXHAUSTED
   * @param missing accepted frames that the trajectory does not have in the end
   * @param poses of the whole trajectory
   * @param frames of the walk
   */
  public record Outcome(
      String notRun,
      int accepted,
      String refusal,
      boolean isRefusalExhausted,
      String streamEnd,
      String newSession,
      boolean isNewSessionExhausted,
      int missing,
      int poses,
      int frames)
      implements Scenario.Outcome {
    /** It was refused for the right reason, nothing was lost, and it went on. */
    @Override
    public boolean isGood() {
      return notRun.isEmpty()
          && isRefusalExhausted
          && isNewSessionExhausted
          && missing == 0
          && poses == frames;
    }

    @Override
    public String inWords() {
      if (!notRun.isEmpty()) {
        return "NOT RUN: " + notRun;
      }
      return "%d frames accepted, then \"%s\", stream: \"%s\"; a new session: \"%s\"; with room again %d of %d tracked, %d missing"
          .formatted(accepted, refusal, streamEnd, newSession, poses, frames, missing);
    }
  }

  private static Outcome notRun(String why) {
    return new Outcome(why, 0, "", false, "", "", false, 0, 0, 0);
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    Path disk = Files.createDirectories(stage.data(NAME));
    String refused =
        ended("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString());
    if (!refused.isEmpty()) {
      return notRun(
          "no file system of its own could be mounted (expected: root's rights): " + refused);
    }
    try (Mounted mounted = new Mounted(disk);
        ServerProcess server = stage.server(NAME);
        SlamClient client = Stage.client(server)) {
      return onDisk(stage, client, mounted.folder.resolve("ballast"));
    }
  }

  /** Is unmounted in the end. */
  private record Mounted(Path folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      String left = ended("umount", folder.toString());
      if (!left.isEmpty()) {
        throw new IOException("the disk of the scenario stays mounted: " + left);
      }
    }
  }

  /** What a command complained of; empty if it did what it was told to. */
  private static String ended(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.onExit().join().exitValue() == 0 ? "" : command[0] + ": " + said.strip();
  }

  private static Outcome onDisk(Stage stage, SlamClient client, Path ballast)
      throws IOException, InterruptedException {
    String id = stage.session(client);
    fill(ballast, LEFT_BYTES);
    FrameFates before = new FrameFates();
    String streamEnd = "";
    try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, before)) {
      stage.send(streamer, -1);
      streamer.finish();
    } catch (SlamClientException e) {
      streamEnd = e.code() + ": " + e.getMessage();
    }
    FrameRejected refusal =
        before.rejected.keySet().stream()
            .min(Long::compare)
            .map(before.rejected::get)
            .orElse(FrameRejected.getDefaultInstance());
    fill(ballast, 0);
    SlamClientException newSession = newSession(stage, client);
    Files.delete(ballast);
    try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, new FrameFates())) {
      stage.send(streamer, streamer.lastAccepted().orElse(-1));
      streamer.finish();
    }
    client.finishSession(id);
    Set<Long> missing = new HashSet<>(before.accepted);
    var trajectory = client.trajectory(id);
    trajectory.forEach(pose -> missing.remove(pose.sequenceNumber()));
    return new Outcome(
        "",
        before.accepted.size(),
        refusal.getMessage(),
        refusal.getCode() == Status.Code.RESOURCE_EXHAUSTED.value(),
        streamEnd,
        newSession == null ? "" : newSession.getMessage(),
        newSession != null && newSession.code() == Status.Code.RESOURCE_EXHAUSTED,
        missing.size(),
        trajectory.size(),
        stage.walk().shots().size());
  }

  /** Null where there was room. */
  private static SlamClientException newSession(Stage stage, SlamClient client) {
    try {
      client.deleteSession(stage.session(client));
      return null;
    } catch (SlamClientException e) {
      return e;
    }
  }

  /** Writes a file until only so much is left. */
  private static void fill(Path ballast, long left) throws IOException {
    long room = Files.getFileStore(ballast.getParent()).getUsableSpace() - left;
    try (var out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      if (room > 0) {
        out.write(new byte[Math.toIntExact(room)]);
      }
    }
  }
}
