package io.roomfield.slam.pretrain;

import io.roomfield.rooms.RoomSplit;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code slam pretrain}: trains a family's decoders and encoders on procedural rooms. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description =
        "Trains a family of geometry decoders and their encoders on procedural rooms, and writes"
            + " weights, curves and a model card.")
public final class PretrainCommand implements Callable<Integer> {
  /** Of the recipe, not of the machine: see {@link Training}. */
  private static final int WORKERS = 2;

  private static final int WALKS_PER_ROOM = 2;
  private static final int VALIDATION_ROOMS = 6;
  private static final int VALIDATIONS = 8;
  private static final double RATE = 2e-3;

  @Option(names = "--family", required = true, description = "nice or compact.")
  private String familyName;

  @Option(names = "--seed", description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--out", required = true, description = "Folder for what is written.")
  private Path out;

  @Option(
      names = "--steps",
      description = "Steps for the mid and fine networks (default: ${DEFAULT-VALUE}).")
  private int steps = 6000;

  @Option(
      names = "--coarse-steps",
      description = "Steps for the coarse networks (default: ${DEFAULT-VALUE}).")
  private int coarseSteps = 6000;

  @Option(names = "--rooms", description = "Rooms to train on (default: ${DEFAULT-VALUE}).")
  private int rooms = 200;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new PretrainCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    FamilyRecipe recipe = FamilyRecipe.named(familyName);
    GridConfig grid = Presets.load("default").grid();
    GeometryLoss loss = new GeometryLoss(0.3, 0.01);
    try (TrainingLog log = new TrainingLog(spec.commandLine().getOut(), out);
        ComputeBackend backend = ComputeBackends.open("vector", WORKERS)) {
      log.stage("rooms");
      TrainingSet training = TrainingSet.record(RoomSplit.TRAINING, rooms, WALKS_PER_ROOM, seed);
      TrainingSet validation = TrainingSet.record(RoomSplit.VALIDATION, VALIDATION_ROOMS, 1, seed);
      DecoderFamily family = recipe.untrained(seed);
      log.stage("geometry");
      GeometryValidation judge =
          new GeometryValidation(family, grid, validation, loss.refinementRate(), backend);
      List<Decoder> networks =
          List.of(family.mid(), family.fine(), family.midEncoder(), family.fineEncoder());
      List<EpisodeWorker> workers =
          IntStream.range(0, WORKERS)
              .mapToObj(i -> new EpisodeWorker(family, grid, training, loss, seed + i))
              .toList();
      Training.Validation geometry =
          new Training(networks, workers, judge::validate, log)
              .run(new Training.Schedule(steps, RATE, VALIDATIONS), backend);
      workers.forEach(EpisodeWorker::close);
      log.stage("coarse");
      CoarseValidation coarseJudge = new CoarseValidation(family, grid, validation, backend);
      List<CoarseWorker> coarseWorkers =
          IntStream.range(0, WORKERS)
              .mapToObj(i -> new CoarseWorker(family, grid, training, seed + i))
              .toList();
      Training.Validation coarse =
          new Training(
                  List.of(family.coarse(), family.coarseEncoder()),
                  coarseWorkers,
                  coarseJudge::validate,
                  log)
              .run(new Training.Schedule(coarseSteps, RATE, VALIDATIONS), backend);
      coarseWorkers.forEach(CoarseWorker::close);
      family.write(out.resolve(familyName + ".safetensors"), Map.of("command", "x"));
      log.say("done: " + geometry + coarse);
    }
    return 0;
  }
}
