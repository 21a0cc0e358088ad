package io.roomfield.slam.client.chaos;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.ExportSessionRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A finished session's file with a bit flipped, or cut off, under a server that runs: it lists its
 * sessions, opens this one and exports it.
 *
 * @param places bits that are flipped one after the other, and as many lengths cut to
 */
public record DamagedFiles(int places) implements Scenario {
  private static final String NAME = "damaged";
  private static final long PLACES_SEED = 692;
  private static final int BITS = 8;

  /** What a client may be told of a session without a beginning or an own row. */
  private static final Set<Status.Code> CLEAR =
      Set.of(Status.Code.NOT_FOUND, Status.Code.DATA_LOSS);

  /** What became of one damaged file. */
  private enum Fate {
    /** Everything there. */
    WHOLE,
    /** Something is missing, and the status says what. */
    NAMED,
    /** Nothing could be read, and the client was told so. */
    REFUSED,
    /** Something is missing and nobody said so, or the server gave no reason. */
    SILENT
  }

  /**
   * What came of it.
   *
   * @param whole files of which nothing was missing
   * @param named files of which something was, and the session's status named it
   * @param refused files that held no session any more, and the client was told so
   * @param faults the others, in words
   * @param serverLived whether the server took calls in the end
   */
  public record Outcome(int whole, int named, int refused, List<String> faults, boolean serverLived)
      implements Scenario.Outcome {
    @Override
    public boolean isGood() {
      return serverLived && faults.isEmpty();
    }

    @Override
    public String inWords() {
      return "of %d damaged files %d lacked nothing, %d loaded with the loss named, %d were refused with a reason, faults: %s"
          .formatted(whole + named + refused + faults.size(), whole, named, refused, faults);
    }
  }

  @Override
  public Outcome run(Stage stage) throws IOException, InterruptedException {
    try (ServerProcess server = stage.server(NAME);
        SlamClient client = Stage.client(server)) {
      String id = stage.session(client);
      try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, new FrameFates())) {
        stage.send(streamer, -1);
        streamer.finish();
      }
      client.finishSession(id);
      client.closeSession(id);
      Trial trial =
          new Trial(server, client, id, stage.data(NAME).resolve("sessions"), frames(stage));
      Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
      List<String> faults = new ArrayList<>();
      byte[] whole = Files.readAllBytes(trial.file());
      Random random = new Random(PLACES_SEED);
      for (int i = 0; i < places; i++) {
        byte[] flipped = whole.clone();
        int at = random.nextInt(whole.length);
        flipped[at] ^= (byte) (1 << random.nextInt(BITS));
        counts.merge(trial.fate("bit at " + at, flipped, faults), 1, Integer::sum);
        int length = random.nextInt(whole.length);
        byte[] cut = Arrays.copyOf(whole, length);
        counts.merge(trial.fate("cut to " + length, cut, faults), 1, Integer::sum);
      }
      return new Outcome(
          counts.getOrDefault(Fate.WHOLE, 0),
          counts.getOrDefault(Fate.NAMED, 0),
          counts.getOrDefault(Fate.REFUSED, 0),
          faults,
          server.isAlive());
    }
  }

  private static int frames(Stage stage) {
    return stage.walk().shots().size();
  }

  /** The session whose file is damaged. */
  private record Trial(
      ServerProcess server, SlamClient client, String id, Path sessions, int frames) {
    Path file() {
      return sessions.resolve(id + ".db");
    }

    Fate fate(String damage, byte[] content, List<String> faults) throws IOException {
      deleteFiles();
      Files.write(file(), content);
      try {
        client.sessions();
        List<String> losses = client.status(id).getLossesList();
        int poses = client.trajectory(id).size();
        export();
        if (!losses.isEmpty()) {
          return Fate.NAMED;
        }
        if (poses == frames) {
          return Fate.WHOLE;
        }
        faults.add("%s: %d of %d poses, and no loss named".formatted(damage, poses, frames));
      } catch (SlamClientException e) {
        if (CLEAR.contains(e.code())) {
          return Fate.REFUSED;
        }
        faults.add("%s: %s: %s".formatted(damage, e.code(), e.getMessage()));
      } catch (StatusRuntimeException e) {
        faults.add("%s: export: %s".formatted(damage, e.getStatus()));
      } finally {
        close();
      }
      return Fate.SILENT;
    }

    private void close() {
      try {
        client.closeSession(id);
      } catch (SlamClientException e) {
        if (e.code() != Status.Code.NOT_FOUND) {
          throw e;
        }
        // Whose it is cannot be read: to us it is not there.
      }
    }

    private void export() {
      ManagedChannel channel =
          ManagedChannelBuilder.forTarget(server.hostAndPort()).usePlaintext().build();
      try {
        SlamServiceGrpc.newBlockingStub(channel)
            .exportSession(ExportSessionRequest.newBuilder().setSessionId(id).build())
            .forEachRemaining(chunk -> {});
      } finally {
        channel.shutdownNow();
      }
    }

    private void deleteFiles() throws IOException {
      try (Stream<Path> files = Files.list(sessions)) {
        for (Path file : files.filter(f -> f.getFileName().toString().startsWith(id)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
