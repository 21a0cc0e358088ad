package io.roomfield.slam.client.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
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
    description = "Kills servers in the middle of replays, and tells what is left of the sessions.")
public final class ChaosCommand implements Callable<Integer> {
  private static final int RUNS = 20;
  private static final int FRAMES = 100;
  private static final int SHORT_RUNS = 2;
  private static final int SHORT_FRAMES = 12;

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

  @Option(names = "--short", description = "Two runs of 12 frames instead of 20 of 100.")
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
      KillAndResume chaos =
          new KillAndResume(
              RecordedWalk.of(dataset), session.of(dataset), backend.arguments(), folder);
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
      write(outcomes);
      return good == runs ? 0 : 1;
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

  private void write(List<Outcome> outcomes) throws IOException {
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), outcomes);
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
