package io.roomfield.slam.client.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.chaos.Crowd;
import io.roomfield.slam.client.chaos.KillAndResume;
import io.roomfield.slam.client.chaos.KillAndResume.Moment;
import io.roomfield.slam.client.chaos.KillAndResume.Outcome;
import io.roomfield.slam.client.chaos.RecordedWalk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./slam chaos}: faults on purpose. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Kills servers in the middle of replays and has sessions share one; tells what is left of them.")
public final class ChaosCommand implements Callable<Integer> {
  private static final int RUNS = 20;
  private static final int FRAMES = 100;
  private static final int SHORT_RUNS = 2;
  private static final int SHORT_FRAMES = 12;

  private static final int SESSIONS = 8;
  private static final int SHORT_SESSIONS = 3;

  /** The slowest of a crowd may take so much longer than the fastest. */
  private static final double MOST_TIME_RATIO = 1.5;

  private static final double BYTES_PER_MB = 1e6;

  /** A killed server's session may err by so much more than an undisturbed one's. */
  private static final double MOST_ATE_RATIO = 1.1;

  /** The server dies up to so long after a frame was accepted: some frames' time. */
  private static final int MOST_MILLIS = 500;

  /** Of the moments. */
  private static final long MOMENTS_SEED = 691;

  private static final double CM = 100;

  @Spec private CommandSpec spec;
  @Mixin private SessionChoices session = new SessionChoices();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--short",
      description =
          "Two runs of 12 frames instead of 20 of 100, three sessions at a time instead of eight.")
  private boolean isShort;

  @Option(names = "--json", paramLabel = "FILE", description = "Takes every run's figures.")
  private Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    int frames = isShort ? SHORT_FRAMES : FRAMES;
    int runs = isShort ? SHORT_RUNS : RUNS;
    RgbdDataset dataset = SyntheticReader.read(session.dataSeed()).select(0, 1, frames);
    Path folder = Files.createTempDirectory("roomfield-chaos");
    try {
      RecordedWalk walk = RecordedWalk.of(dataset);
      KillAndResume chaos =
          new KillAndResume(walk, session.of(dataset), backend.arguments(), folder);
      Outcome undisturbed = chaos.run("undisturbed", Moment.NEVER);
      out.println("undisturbed: %.3f cm".formatted(CM * undisturbed.ateMetres()));
      out.flush();
      List<Outcome> outcomes = new ArrayList<>(List.of(undisturbed));
      Random random = new Random(MOMENTS_SEED);
      int good = 0;
      for (int run = 1; run <= runs; run++) {
        Moment moment = new Moment(1 + random.nextInt(frames - 1), random.nextLong(MOST_MILLIS));
        Outcome outcome = chaos.run("run-" + run, moment);
        boolean isGood = isGood(outcome, undisturbed, frames);
        good += isGood ? 1 : 0;
        outcomes.add(outcome);
        tell(out, run, outcome, isGood);
      }
      out.println("kill and resume: %d of %d runs lost nothing".formatted(good, runs));
      out.flush();
      Crowd.Outcome crowd =
          new Crowd(walk, session.of(dataset), backend.arguments(), folder)
              .run(isShort ? SHORT_SESSIONS : SESSIONS);
      boolean isFair = isFair(crowd, frames);
      tell(out, crowd, isFair);
      write(new Figures(outcomes, crowd));
      return good == runs && isFair ? 0 : 1;
    } finally {
      delete(folder);
    }
  }

  /** No accepted frame is missing, and the trajectory is as good as without. */
  private static boolean isGood(Outcome outcome, Outcome undisturbed, int frames) {
    return outcome.missing() == 0
        && outcome.forgotten() == 0
        && outcome.poses() == frames
        && outcome.ateMetres() <= MOST_ATE_RATIO * undisturbed.ateMetres();
  }

  /** All that is written to the file. */
  private record Figures(List<Outcome> killAndResume, Crowd.Outcome crowd) {}

  /** Everybody's frames were tracked, and nobody waited much longer than the others. */
  private static boolean isFair(Crowd.Outcome crowd, int frames) {
    return crowd.slowestToFastest() <= MOST_TIME_RATIO
        && crowd.shares().stream().allMatch(s -> s.tracked() == frames && s.told() == frames);
  }

  private static void tell(PrintWriter out, Crowd.Outcome crowd, boolean isFair) {
    out.println(
        "%d sessions at a time: the slowest took %.2f times as long as the fastest, server's peak %.0f MB: %s"
            .formatted(
                crowd.shares().size(),
                crowd.slowestToFastest(),
                crowd.serverPeakBytes() / BYTES_PER_MB,
                isFair ? "good" : "FAILED"));
    out.flush();
  }

  private static void tell(PrintWriter out, int run, Outcome o, boolean isGood) {
    out.println(
        "run %d: killed %d ms after frame %d; %d accepted, %d missing; stream stood after %.1f s; %.3f cm: %s"
            .formatted(
                run,
                o.moment().millis(),
                o.moment().frames(),
                o.accepted(),
                o.missing(),
                o.resumeSeconds(),
                CM * o.ateMetres(),
                isGood ? "good" : "FAILED"));
    out.flush();
  }

  private void write(Figures figures) throws IOException {
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), figures);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
