package io.roomfield.slam.pretrain;

import io.roomfield.rooms.RoomSplit;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A family's way from nothing: rooms are built and walked through, mid and fine networks trained
 * together, then the coarse ones. Family, settings and the width of the machine's vectors decide
 * every bit of the weights.
 */
final class Pretraining {
  /** The preset whose voxels the networks are trained for. */
  static final String PRESET = Presets.DEFAULT;

  static final String GEOMETRY = "geometry";
  static final String COARSE = "coarse";

  /** Lanes that validation sums over: of the recipe, so that checkpoints are chosen alike. */
  private static final int LANES = 2;

  /** Seeds the validation's walks, so that runs of different seeds are measured alike. */
  private static final long VALIDATION_SEED = 1;

  private final FamilyRecipe recipe;
  private final PretrainSettings settings;
  private final TrainingLog log;
  private final GridConfig grid = Presets.load(PRESET).grid();

  /**
   * What came of it.
   *
   * @param family holds the weights of the two checkpoints
   * @param geometry the best of the mid and fine networks
   * @param coarse the best of the coarse networks
   * @param grid voxel edges that the networks were trained with
   * @param backend that trained them, in words
   */
  record Result(
      DecoderFamily family,
      Training.Checkpoint geometry,
      Training.Checkpoint coarse,
      GridConfig grid,
      String backend) {}

  Pretraining(FamilyRecipe recipe, PretrainSettings settings, TrainingLog log) {
    this.recipe = recipe;
    this.settings = settings;
    this.log = log;
  }

  Result run() {
    SplittableRandom seeds = new SplittableRandom(settings.seed());
    try (ComputeBackend backend = ComputeBackends.open("vector", LANES)) {
      log.stage("rooms");
      TrainingSet training =
          TrainingSet.record(
              RoomSplit.TRAINING, settings.rooms(), settings.walksPerRoom(), seeds.nextLong());
      TrainingSet validation =
          TrainingSet.record(RoomSplit.VALIDATION, settings.validationRooms(), 1, VALIDATION_SEED);
      DecoderFamily family = recipe.untrained(seeds.nextLong());

      log.stage(GEOMETRY);
      GeometryLoss loss = settings.loss();
      GeometryValidation geometryJudge =
          new GeometryValidation(family, grid, validation, loss.refinementRate(), backend);
      Training.Checkpoint geometry =
          train(
              List.of(family.mid(), family.fine(), family.midEncoder(), family.fineEncoder()),
              workers(
                  settings.geometry(),
                  seeds,
                  seed -> new EpisodeWorker(family, grid, training, loss, seed)),
              geometryJudge::validate,
              settings.geometry(),
              backend);

      log.stage(COARSE);
      CoarseValidation coarseJudge = new CoarseValidation(family, grid, validation, backend);
      Training.Checkpoint coarse =
          train(
              List.of(family.coarse(), family.coarseEncoder()),
              workers(
                  settings.coarse(), seeds, seed -> new CoarseWorker(family, grid, training, seed)),
              coarseJudge::validate,
              settings.coarse(),
              backend);
      return new Result(family, geometry, coarse, grid, backend.description());
    }
  }

  private List<TrainingWorker> workers(
      Training.Schedule schedule, SplittableRandom seeds, LongFunction<TrainingWorker> worker) {
    return Stream.generate(() -> worker.apply(seeds.nextLong())).limit(schedule.workers()).toList();
  }

  private Training.Checkpoint train(
      List<Decoder> networks,
      List<TrainingWorker> workers,
      Supplier<Training.Validation> judge,
      Training.Schedule schedule,
      ComputeBackend backend) {
    try {
      return new Training(networks, workers, judge, log).run(schedule, backend);
    } finally {
      workers.forEach(TrainingWorker::close);
    }
  }
}
