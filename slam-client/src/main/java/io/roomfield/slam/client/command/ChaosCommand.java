package io.roomfield.slam.client.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.chaos.ClockJumps;
import io.roomfield.slam.client.chaos.Crowd;
import io.roomfield.slam.client.chaos.DamagedFiles;
import io.roomfield.slam.client.chaos.DiskFull;
import io.roomfield.slam.client.chaos.HeapExhausted;
import io.roomfield.slam.client.chaos.KillAndResume;
import io.roomfield.slam.client.chaos.RecordedWalk;
import io.roomfield.slam.client.chaos.RudeClients;
import io.roomfield.slam.client.chaos.Scenario;
import io.roomfield.slam.client.chaos.Soak;
import io.roomfield.slam.client.chaos.Stage;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./slam chaos}: faults on purpose. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kills servers in the middle of replays, fills their disk and heap, damages their files, has clients misbehave and"
          + " clocks jump, and tells what is left of sessions. Some figures are bounds on times: on a busy machine they"
          + " may fail."
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int FRAMES = 100;
  private static final int SHORT_FRAMES = 12;

  /** Most scenarios take every so-manieth column and row: 160x120. */
  private static final int SMALL_STEP = 4;

  private static final int RUNS = 20;
  private static final int SHORT_RUNS = 1;
  private static final int SESSIONS = 8;
  private static final int SHORT_SESSIONS = 3;
  private static final int PLACES = 200;
  private static final int SHORT_PLACES = 5;
  private static final int HEAP_MEGABYTES = 512;

  /** Ten seconds of the walk, every other frame. */
  private static final int SOAK_WALK_FRAMES = 150;

  private static final int SOAK_STRIDE = 2;

  @Spec private CommandSpec spec;
  @Mixin private SessionChoices session = new SessionChoices();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--short",
      description =
          "12 frames of 160x120 instead of 100 (of 640x480 where servers are killed and sessions share one), and fewer"
              + " of everything.")
  private boolean isShort;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description =
          "One scenario: killAndResume, crowd, diskFull, damagedFiles, rudeClients, clockJumps or heapExhausted.")
  private String only;

  @Option(
      names = "--soak",
      paramLabel = "FRAMES",
      description =
          "No faults; instead so many frames of a walk to and fro, 160x120, and heap and disk every 1000.")
  private Integer soak;

  @Option(names = "--json", paramLabel = "FILE", description = "Takes every run's figures.")
  private Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Scenario.Outcome> outcomes = new LinkedHashMap<>();
    Path folder = Files.createTempDirectory("roomfield-chaos");
    try {
      for (Map.Entry<String, Act> act : acts(folder, out).entrySet()) {
        Scenario.Outcome outcome = act.getValue().scenario.run(act.getValue().stage);
        outcomes.put(act.getKey(), outcome);
        String judgement = outcome.isGood() ? "good" : "FAILED";
        say(out, "%s: %s: %s".formatted(act.getKey(), judgement, outcome.inWords()));
        write(outcomes);
      }
      return outcomes.values().stream().allMatch(Scenario.Outcome::isGood) ? 0 : 1;
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** A scenario and what it plays with. */
  private record Act(Scenario scenario, Stage stage) {}

  /** What is to be done, by name, in order. */
  private Map<String, Act> acts(Path folder, PrintWriter out) throws IOException {
    RgbdDataset room = SyntheticReader.read(session.dataSeed());
    if (soak != null) {
      Stage stage = stage(room.select(0, SOAK_STRIDE, SOAK_WALK_FRAMES), SMALL_STEP, folder);
      return Map.of("soak", new Act(new Soak(soak, look -> say(out, look.inWords())), stage));
    }
    RgbdDataset walk = room.select(0, 1, isShort ? SHORT_FRAMES : FRAMES);
    // Strict sessions need no warmed-up engine: every scenario has a server of its own.
    Stage small = stage(walk, SMALL_STEP, folder).with(SyncMode.SYNC_MODE_STRICT);
    Stage large = isShort ? small : stage(walk, 1, folder);
    Map<String, Act> acts = new LinkedHashMap<>();
    acts.put("killAndResume", new Act(new KillAndResume(isShort ? SHORT_RUNS : RUNS), large));
    acts.put("crowd", new Act(new Crowd(isShort ? SHORT_SESSIONS : SESSIONS), large));
    acts.put("diskFull", new Act(new DiskFull(), small));
    acts.put("damagedFiles", new Act(new DamagedFiles(isShort ? SHORT_PLACES : PLACES), small));
    acts.put("rudeClients", new Act(new RudeClients(), small));
    acts.put("clockJumps", new Act(new ClockJumps(), small));
    acts.put("heapExhausted", new Act(new HeapExhausted(HEAP_MEGABYTES), small));
    if (only != null) {
      Act chosen = acts.get(only);
      if (chosen == null) {
        throw new ParameterException(
            spec.commandLine(), "--only: %s (expected: one of %s)".formatted(only, acts.keySet()));
      }
      return Map.of(only, chosen);
    }
    if (isShort) {
      acts.remove("heapExhausted"); // waits for a heap to fill
    }
    return acts;
  }

  /** A sequence's frames and the options of its sessions. */
  private Stage stage(RgbdDataset dataset, int step, Path folder) throws IOException {
    RecordedWalk walk = RecordedWalk.subsampled(dataset, step);
    RgbdDataset seen =
        new RgbdDataset(
            dataset.name(),
            walk.camera(),
            dataset.depthScale(),
            dataset.frames(),
            dataset.groundTruthMesh());
    return new Stage(walk, session.of(seen), backend.arguments(), folder);
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  private void write(Map<String, Scenario.Outcome> outcomes) throws IOException {
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), outcomes);
    }
  }
}
