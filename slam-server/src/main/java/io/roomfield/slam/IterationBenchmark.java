package io.roomfield.slam;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Forward and backward of one iteration at the sizes of the paper's Replica configuration: 200 rays
 * of 48 samples for tracking, 1000 for mapping, in a 4 m room of its voxel sizes.
 */
final class IterationBenchmark {
  /**
   * @param name of the iteration
   * @param medianMillis over the timed runs
   * @param gigaflops multiply-adds of the dense layers (two operations each) over the median time
   */
  record Figure(String name, double medianMillis, double gigaflops) {}

  private static final int TRACKING_RAYS = 200;
  private static final int MAPPING_RAYS = 1000;
  private static final RenderSettings SETTINGS = new RenderSettings(32, 16, 0, false, false);

  private final ComputeBackend backend;
  private final int repeats;
  private final SceneField field;
  private final FieldGradient gradient;

  IterationBenchmark(ComputeBackend backend, int repeats) {
    this.backend = backend;
    this.repeats = repeats;
    DecoderFamily family = DecoderFamily.load(DecoderFamily.NICE);
    Decoder colour = DecoderWeights.randomColour(family.colour(), 1);
    field =
        new SceneField(
            null,
            grid(0.32, family.channels(FieldLevel.MID), 0.01f),
            grid(0.16, family.channels(FieldLevel.FINE), 0.0001f),
            grid(0.16, family.channels(FieldLevel.COLOUR), 0.01f),
            null,
            family.mid(),
            family.fine(),
            colour);
    gradient = new FieldGradient(backend.lanes());
  }

  private static FeatureGrid grid(double voxel, int channels, float stddev) {
    FeatureGrid grid = new FeatureGrid(voxel, channels, stddev, 1);
    int reach = (int) Math.ceil(3 / (voxel * FeatureGrid.BLOCK_EDGE));
    for (int z = -reach; z <= reach; z++) {
      for (int y = -reach; y <= reach; y++) {
        for (int x = -reach; x <= reach; x++) {
          grid.allocate(x, y, z);
        }
      }
    }
    return grid;
  }

  List<Figure> run() {
    return List.of(
        tracking(),
        mapping("mapping_mid_iteration", FieldStage.MID, FieldLevel.MID),
        mapping("mapping_fine_iteration", FieldStage.FINE, FieldLevel.MID, FieldLevel.FINE),
        mapping(
            "mapping_colour_iteration",
            FieldStage.COLOUR,
            FieldLevel.MID,
            FieldLevel.FINE,
            FieldLevel.COLOUR));
  }

  private Figure tracking() {
    RayBatch rays = rays(TRACKING_RAYS);
    PoseGradient poses = new PoseGradient(TRACKING_RAYS);
    Objective objective = Objective.tracking(0.5f, 10f, 1e-10f);
    double macs = 0;
    for (Decoder d : decoders(FieldStage.COLOUR)) {
      macs += 2 * d.shape().multiplyAdds() - skippedMacs(d);
    }
    return time(
        "tracking_iteration",
        macs * TRACKING_RAYS * SETTINGS.samples(),
        () ->
            backend.backward(
                field, FieldStage.COLOUR, rays, SETTINGS, objective, null, poses, null));
  }

  private Figure mapping(String name, FieldStage stage, FieldLevel... levels) {
    RayBatch rays = rays(MAPPING_RAYS);
    gradient.deactivateAll();
    for (FieldLevel level : levels) {
      for (int b = 0; b < field.grid(level).blockCount(); b++) {
        gradient.activate(level, field.grid(level), b);
      }
    }
    if (stage.readsColour()) {
      gradient.activateWeights(FieldLevel.COLOUR, field.colourDecoder());
    }
    Objective objective = Objective.mapping(0.2f);
    double macs = 0;
    for (Decoder d : decoders(stage)) {
      Decoder.Shape s = d.shape();
      macs += 2 * s.multiplyAdds() - skippedMacs(d) - 2.0 * s.hidden() * s.encodingSize();
      macs += d == field.colourDecoder() ? s.multiplyAdds() : 0;
    }
    return time(
        name,
        macs * MAPPING_RAYS * SETTINGS.samples(),
        () -> backend.backward(field, stage, rays, SETTINGS, objective, gradient, null, null));
  }

  private List<Decoder> decoders(FieldStage stage) {
    List<Decoder> all = List.of(field.midDecoder(), field.fineDecoder(), field.colourDecoder());
    return all.subList(0, stage == FieldStage.MID ? 1 : stage == FieldStage.FINE ? 2 : 3);
  }

  /** The fine decoder's mid features are not differentiated. */
  private double skippedMacs(Decoder d) {
    Decoder.Shape s = d.shape();
    return d == field.fineDecoder() ? s.blocks() * (double) s.hidden() * field.mid().channels() : 0;
  }

  private static RayBatch rays(int count) {
    RayBatch rays = new RayBatch(count);
    SplittableRandom random = new SplittableRandom(7);
    rays.count = count;
    rays.poses = new SE3[] {SE3.IDENTITY};
    rays.frameMaxDepth = new float[] {2.5f};
    for (int i = 0; i < count; i++) {
      rays.directionX[i] = (float) random.nextDouble(-0.6, 0.6);
      rays.directionY[i] = (float) random.nextDouble(-0.45, 0.45);
      rays.depth[i] = (float) random.nextDouble(1, 2.5);
      for (int k = 0; k < 3; k++) {
        rays.colour[3 * i + k] = (float) random.nextDouble();
      }
    }
    return rays;
  }

  private Figure time(String name, double multiplyAdds, Runnable iteration) {
    double median = MedianTime.millis(repeats, iteration);
    return new Figure(name, median, 2 * multiplyAdds / median / 1e6);
  }
}
