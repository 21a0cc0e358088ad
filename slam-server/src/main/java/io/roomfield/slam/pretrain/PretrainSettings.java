package io.roomfield.slam.pretrain;

/**
 * All that can be turned about a training, beside the networks' shapes ({@link FamilyRecipe}). The
 * command line may replace seed, rooms and steps.
 *
 * @param seed of everything random, but for the validation's rooms
 * @param rooms to train on
 * @param walksPerRoom walks through each of them
 * @param validationRooms rooms to choose a checkpoint by, a walk each; the same for every seed
 * @param loss of the mid and fine networks
 * @param geometry schedule of the mid and fine networks
 * @param coarse schedule of the coarse networks
 */
record PretrainSettings(
    long seed,
    int rooms,
    int walksPerRoom,
    int validationRooms,
    GeometryLoss loss,
    Training.Schedule geometry,
    Training.Schedule coarse) {

  static final PretrainSettings DEFAULT =
      new PretrainSettings(
          1,
          300,
          2,
          8,
          new GeometryLoss(0.3, 0.01),
          new Training.Schedule(2, 3000, 2e-3, 8),
          new Training.Schedule(8, 2000, 2e-3, 8));

  /** The same but for what the command line says. */
  PretrainSettings with(long newSeed, int newRooms, int steps, int coarseSteps) {
    return new PretrainSettings(
        newSeed,
        newRooms,
        walksPerRoom,
        validationRooms,
        loss,
        geometry.withSteps(steps),
        coarse.withSteps(coarseSteps));
  }
}
