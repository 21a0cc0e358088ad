package io.roomfield.slam.client.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.eval.Relocalisation;
import io.roomfield.slam.client.eval.Relocalisation.Trial;
import io.roomfield.slam.client.replay.ReopenedMap;
import io.roomfield.slam.client.replay.Replay;
import io.roomfield.slam.client.replay.ReplayProgress;
import io.roomfield.slam.client.replay.ReplayResult;
import io.roomfield.slam.client.replay.SendRate;
import io.roomfield.slam.v1.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relocalise}: cameras that are switched on in a map that is there. */
@Command(
    name = "relocalise",
    description = {
      "Map the first part of a sequence, then open that map again and again, each time showing a",
      "second of the sequence from a random place on, and count how often the camera finds itself."
    },
    mixinStandardHelpOptions = true)
public final class RelocaliseCommand implements Callable<Integer> {
  /** Frames that a camera shows: as many as it has to recover after a disturbance. */
  private static final int SHOWN = DisturbedDataset.FRAMES_AFTER;

  @Spec private CommandSpec spec;
  @Mixin private DatasetOptions datasetOptions;
  @Mixin private SessionChoices choices;
  @Mixin private BackendOptions backend;

  @Option(
      names = "--map-frames",
      required = true,
      paramLabel = "N",
      description = "The map is made of the first N frames.")
  private int mapFrames;

  @Option(
      names = "--trials",
      defaultValue = "10",
      paramLabel = "N",
      description = "So many cameras are switched on (default: ${DEFAULT-VALUE}).")
  private int trials;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every trial as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RgbdDataset sequence = datasetOptions.open(choices.dataSeed()).sent();
    List<Integer> places = places(sequence.frames().size());
    Path log = Files.createTempFile("roomfield-server", ".log");
    log.toFile().deleteOnExit();
    try (ServerConnection connection = ServerConnection.start(backend, log)) {
      Relocalisation figures = connection.call(client -> run(client, sequence, places));
      print(figures);
      if (json != null) {
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValue(json.toFile(), figures);
      }
    }
    return 0;
  }

  /** Positions of the first frames shown. */
  private List<Integer> places(int frames) {
    if (frames < SHOWN || mapFrames < 1 || mapFrames > frames) {
      throw new IllegalArgumentException(
          "--map-frames %d of %d frames (expected: 1 to all of them, and at least %d frames)"
              .formatted(mapFrames, frames, SHOWN));
    }
    SplittableRandom random = new SplittableRandom(choices.dataSeed());
    return random.ints(trials, 0, frames - SHOWN + 1).boxed().toList();
  }

  private Relocalisation run(SlamClient client, RgbdDataset sequence, List<Integer> places)
      throws IOException, InterruptedException {
    RgbdDataset mapped = sequence.select(0, 1, mapFrames);
    Session session = client.createSession(choices.of(mapped));
    ReplayResult result;
    try (ReplayProgress progress = TerminalProgress.of(out(), mapFrames)) {
      result = new Replay(client).run(mapped, session, SendRate.FASTEST, progress);
    }
    ReopenedMap map = new ReopenedMap(client, mapped, result);
    List<Trial> made = new ArrayList<>();
    for (int place : places) {
      try (ReplayProgress progress = TerminalProgress.of(out(), SHOWN)) {
        made.add(map.switchOn(sequence.select(place, 1, SHOWN), progress));
      }
      print(made.getLast());
    }
    return Relocalisation.of(sequence.name(), mapFrames, made);
  }

  private void print(Trial trial) {
    out()
        .printf(
            "from frame %d (%s, overlap %.2f): %s; %d frames tracking, %d of them at a wrong pose%n",
            trial.firstFrame(),
            words(trial.place()),
            trial.overlap(),
            trial.foundAfter() == null
                ? "not found"
                : "found after %d frames".formatted(trial.foundAfter()),
            trial.tracking(),
            trial.falseTracking());
    out().flush();
  }

  private void print(Relocalisation figures) {
    figures
        .places()
        .forEach(
            (place, outcome) ->
                out()
                    .printf(
                        "%-12s  %d of %d found, %d frames TRACKING at a wrong pose%n",
                        words(place), outcome.found(), outcome.trials(), outcome.falseTracking()));
    out().flush();
  }

  private static String words(Relocalisation.Place place) {
    return place.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
