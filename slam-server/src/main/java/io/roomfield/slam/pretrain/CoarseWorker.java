package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Teaches the coarse level to say where walls and floors are that no one has seen (NICE-SLAM,
 * section 3.1: the coarse level predicts unobserved geometry): views are fused, the coarse features
 * encoded, and rays cast from where the camera has been into every direction; those that end where
 * nothing was seen count most.
 */
final class CoarseWorker implements TrainingWorker {
  static final int DECODER = 0;
  static final int ENCODER = 1;

  /** Stratified samples up to the frame's farthest depth, so that the reading tells nothing. */
  static final RenderSettings SETTINGS = new RenderSettings(48, 0, 0, true, false);

  /** Where a ray's samples end, over {@code RaySampler.FAR_FACTOR}, in metres. */
  static final float FARTHEST = 6f;

  /** Steps with an episode's newest view: rays are cheap, views are not. */
  private static final int STEPS_PER_VIEW = 3;

  /** One ray in so many that end on a surface seen is kept. */
  private static final int SEEN_KEPT = 4;

  private static final int POINTS_PER_RAY = 6;

  /** How far behind a surface points are drawn, metres. */
  private static final double DEPTH = 0.4;

  /** Weight of the cross-entropy beside the depth error in metres. */
  private static final double CROSS_ENTROPY_WEIGHT = 1;

  private final DecoderFamily family;
  private final GridConfig grid;
  private final TrainingSet set;
  private final SplittableRandom random;
  private final ComputeBackend backend = ComputeBackends.open("vector", 1);
  private final FieldGradient gradient = new FieldGradient(1);
  private final RayBatch rays = new RayBatch(LookAround.RAYS);
  private final OccupancyTargets targets = new OccupancyTargets(LookAround.RAYS * POINTS_PER_RAY);
  private Episode episode;
  private CoarseField field;
  private int stepsLeft;

  CoarseWorker(DecoderFamily family, GridConfig grid, TrainingSet set, long seed) {
    this.family = family;
    this.grid = grid;
    this.set = set;
    random = new SplittableRandom(seed);
  }

  /** What is optimised, in words. */
  static String description() {
    return ("mean depth error in metres + %s times the mean occupancy cross-entropy in nats, over"
            + " rays in every direction up to %s m and %d points a ray; of rays that end on surface"
            + " that a view saw, one in %d is kept")
        .formatted(CROSS_ENTROPY_WEIGHT, FARTHEST, POINTS_PER_RAY, SEEN_KEPT);
  }

  @Override
  public Map<String, Double> step(NetworkGradient networks) {
    nextView();
    LookAround around = new LookAround(episode, random);
    draw(around);
    field.encoder().encode();
    field.activate(gradient);
    BatchLosses losses =
        backend.backward(
            field.field(),
            FieldStage.COARSE,
            rays,
            SETTINGS,
            Objective.mapping(0f),
            gradient,
            null,
            null);
    drawPoints();
    double crossEntropy =
        backend.occupancyBackward(field.field(), FieldStage.COARSE, targets, gradient);
    networks.add(DECODER, gradient.weights(FieldLevel.COARSE, 0));
    field
        .encoder()
        .backward(
            block -> gradient.block(FieldLevel.COARSE, 0, block),
            new float[][] {networks.of(ENCODER)});
    Map<String, Double> means = new LinkedHashMap<>();
    int count = Math.max(1, rays.count);
    means.put("depth_m", losses.depthAbsSum() / count);
    means.put("cross_entropy", crossEntropy / (CROSS_ENTROPY_WEIGHT * count));
    return means;
  }

  private void nextView() {
    if (stepsLeft == 0 && (episode == null || episode.isOver())) {
      episode = Episode.stretch(set.draw(random), grid.fineVoxel(), backend, random);
      field = new CoarseField(family, grid.coarseVoxel(), episode.fused(), backend);
    }
    if (stepsLeft == 0) {
      field.encoder().observe(episode.addView());
      stepsLeft = STEPS_PER_VIEW;
    }
    stepsLeft--;
  }

  private void draw(LookAround around) {
    around.begin(rays, FARTHEST);
    rays.seed = random.nextLong();
    for (int ray = 0; ray < LookAround.RAYS; ray++) {
      boolean within = around.depth(ray) > 0 && around.depth(ray) < FARTHEST;
      if (within && (around.endsUnseen(ray) || random.nextInt(SEEN_KEPT) == 0)) {
        around.append(ray, rays);
      }
    }
  }

  /** Points before the surfaces and behind them, where the room's own distance is the label. */
  private void drawPoints() {
    targets.count = 0;
    float weight = (float) (CROSS_ENTROPY_WEIGHT / POINTS_PER_RAY);
    for (int ray = 0; ray < rays.count; ray++) {
      for (int i = 0; i < POINTS_PER_RAY; i++) {
        double d = rays.depth[ray];
        boolean free = i < POINTS_PER_RAY / 2;
        double z = free ? d * random.nextDouble() : d + DEPTH * random.nextDouble();
        double[] p = rays.point(ray, z);
        boolean occupied = !free && episode.trueDistance(p) < 0;
        float label = occupied ? OccupancySampler.OCCUPIED : OccupancySampler.FREE;
        targets.append(p, label, weight);
      }
    }
  }

  @Override
  public void close() {
    backend.close();
  }
}
