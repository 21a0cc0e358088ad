package io.roomfield.slam.pretrain;

import io.roomfield.geometry.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code slam pretrain}: trains a family's decoders and encoders on procedural rooms. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a family of geometry decoders and their encoders on procedural rooms; writes weights,"
          + " curves and a model card.",
      "A run repeats bit for bit on machines with vectors of the same width: the number of workers"
          + " belongs to the recipe, not to the machine."
    })
public final class PretrainCommand implements Callable<Integer> {
  private static final String CURVES = "curves.csv";
  private static final String CHART = "curves.png";
  private static final String CARD = "model-card.md";

  @Option(
      names = "--family",
      required = true,
      paramLabel = "NAME",
      description = "Whose shapes to train: nice or compact.")
  private String family;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = {
        "Folder for <family>.safetensors, " + CURVES + ", " + CHART + " and " + CARD + ".",
        "They end in .part until all are whole."
      })
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps for the mid and fine networks (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--coarse-steps",
      paramLabel = "N",
      description = "Steps for the coarse networks (default: ${DEFAULT-VALUE}).")
  private int coarseSteps;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      description = "Rooms to train on (default: ${DEFAULT-VALUE}).")
  private int rooms;

  @Spec private CommandSpec spec;

  private final PretrainSettings defaults;

  private PretrainCommand(PretrainSettings defaults) {
    this.defaults = defaults;
    seed = defaults.seed();
    steps = defaults.geometry().steps();
    coarseSteps = defaults.coarse().steps();
    rooms = defaults.rooms();
  }

  public static void main(String[] args) {
    System.exit(commandLine(PretrainSettings.DEFAULT).execute(args));
  }

  /**
   * @param defaults what holds where no option says otherwise
   */
  static CommandLine commandLine(PretrainSettings defaults) {
    return new CommandLine(new PretrainCommand(defaults))
        .setExecutionExceptionHandler(new OneLineErrors());
  }

  @Override
  public Integer call() throws IOException {
    FamilyRecipe recipe = FamilyRecipe.named(family);
    PretrainSettings settings = settings();
    StagedFiles files = new StagedFiles(out);
    try (TrainingLog log = new TrainingLog(spec.commandLine().getOut(), files.stage(CURVES))) {
      Pretraining.Result result = new Pretraining(recipe, settings, log).run();
      ModelCard card = new ModelCard(settings, result);
      Path weights = files.stage(family + ".safetensors");
      result.family().write(weights, card.metadata());
      CurvesChart.write(log.points(), files.stage(CHART));
      Files.writeString(files.stage(CARD), card.text(log.hours(), Files.readAllBytes(weights)));
      log.say("written: " + out);
    }
    files.publish();
    return 0;
  }

  private PretrainSettings settings() {
    checkPositive("--rooms", rooms);
    checkPositive("--steps", steps);
    checkPositive("--coarse-steps", coarseSteps);
    return defaults.with(seed, rooms, steps, coarseSteps);
  }

  private static void checkPositive(String option, int value) {
    if (value <= 0) {
      throw new InvalidValueException(option, value, "> 0");
    }
  }
}
