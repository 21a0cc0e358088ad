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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Works through episodes, one view a step: fuse, encode, refine a few iterations as SLAM would, and
 * take the gradient of what the field then says of the newest and the next view. Through the
 * refinement the gradient passes unchanged (first-order meta-learning: Nichol et al. 2018).
 */
final class EpisodeWorker implements TrainingWorker {
  /** Numbers of the networks in {@link NetworkGradient}s. */
  static final int MID = 0;

  static final int FINE = 1;
  static final int MID_ENCODER = 2;
  static final int FINE_ENCODER = 3;

  private static final int RAYS = 400;

  /** Share of the steps that refine first, and how many iterations at most. */
  private static final double REFINED_SHARE = 0.25;

  private static final int MAX_REFINEMENT = 15;

  /** Share of the steps that look at the mid level alone. */
  private static final double MID_STAGE_SHARE = 0.25;

  private final DecoderFamily family;
  private final GridConfig grid;
  private final TrainingSet set;
  private final GeometryLoss loss;
  private final SplittableRandom random;
  private final ComputeBackend backend = ComputeBackends.open("vector", 1);
  private final FieldGradient gradient = new FieldGradient(1);
  private final RayBatch rays = new RayBatch(RAYS);
  private final OccupancyTargets targets = new OccupancyTargets(RAYS * OccupancySampler.PER_RAY);
  private Episode episode;
  private EpisodeField field;

  EpisodeWorker(
      DecoderFamily family, GridConfig grid, TrainingSet set, GeometryLoss loss, long seed) {
    this.family = family;
    this.grid = grid;
    this.set = set;
    this.loss = loss;
    random = new SplittableRandom(seed);
  }

  /** What is optimised, in words. */
  static String description(GeometryLoss loss) {
    return String.format(
        Locale.ROOT,
        "mean depth error in metres + %s times the mean occupancy cross-entropy in nats"
            + " (labels %.2f and %.2f, and %.0f where it is clear), over %d rays of exact depth, more of them beside depth edges, and"
            + " %d points a ray; %s of the steps look at the mid level alone, %s refine the"
            + " features first, by up to %d iterations at rate %s",
        loss.crossEntropyWeight(),
        OccupancySampler.FREE,
        OccupancySampler.OCCUPIED,
        OccupancySampler.CLEAR,
        RAYS,
        OccupancySampler.PER_RAY,
        MID_STAGE_SHARE,
        REFINED_SHARE,
        MAX_REFINEMENT,
        loss.refinementRate());
  }

  @Override
  public Map<String, Double> step(NetworkGradient networks) {
    if (episode == null || episode.isOver()) {
      episode = Episode.stretch(set.draw(random), grid.fineVoxel(), backend, random);
      field = new EpisodeField(family, grid, episode, backend);
    }
    episode.addView();
    Episode.View newest = episode.mapped().getLast();
    Episode.View target = random.nextBoolean() ? newest : episode.heldOut();
    field.encode(List.of(newest, target));
    if (random.nextDouble() < REFINED_SHARE) {
      int iterations = 1 + random.nextInt(MAX_REFINEMENT);
      field.refine(newest, iterations, loss.refinementRate(), rays, random);
    }
    target.drawWithEdges(episode::isSeen, rays, random);
    return outerGradient(networks);
  }

  private Map<String, Double> outerGradient(NetworkGradient networks) {
    FieldStage stage = random.nextDouble() < MID_STAGE_SHARE ? FieldStage.MID : FieldStage.FINE;
    field.activate(gradient);
    BatchLosses losses =
        backend.backward(
            field.field(),
            stage,
            rays,
            EpisodeField.SETTINGS,
            Objective.mapping(0f),
            gradient,
            null,
            null);
    float weight = (float) (loss.crossEntropyWeight() / OccupancySampler.PER_RAY);
    OccupancySampler.sample(episode, rays, weight, random, targets);
    double crossEntropy = backend.occupancyBackward(field.field(), stage, targets, gradient);
    networks.add(MID, gradient.weights(FieldLevel.MID, 0));
    field.encoderBackward(FieldLevel.MID, gradient, networks.of(MID_ENCODER));
    if (stage.readsFine()) {
      networks.add(FINE, gradient.weights(FieldLevel.FINE, 0));
      field.encoderBackward(FieldLevel.FINE, gradient, networks.of(FINE_ENCODER));
    }
    int count = Math.max(1, rays.count);
    Map<String, Double> means = new LinkedHashMap<>();
    means.put("depth_m", losses.depthAbsSum() / count);
    means.put("cross_entropy", crossEntropy / (loss.crossEntropyWeight() * count));
    return means;
  }

  @Override
  public void close() {
    backend.close();
  }
}
