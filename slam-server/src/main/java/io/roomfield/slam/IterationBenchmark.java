package io.roomfield.slam;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.DecoderWeights;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Forward and backward of one iteration at the sizes of the paper's Replica configuration: 200 rays
 * of 48 samples for tracking, 1000 for mapping, in a 4 m room of its voxel sizes.
 */
final class IterationBenchmark implements AutoCloseable {
  /**
   * @param name of the iteration
   * @param medianMillis over the timed runs
   * @param gigaflops multiply-adds of the dense layers (two operations each) over the median time
   */
  record Figure(String name, double medianMillis, double gigaflops) {}

  private static final String TRACKING = "tracking_iteration";
  private static final String MAPPING_MID = "mapping_mid_iteration";
  private static final String MAPPING_FINE = "mapping_fine_iteration";
  private static final String MAPPING_COLOUR = "mapping_colour_iteration";

  private static final Map<FieldStage, List<FieldLevel>> LEVELS =
      Map.of(
          FieldStage.MID, List.of(FieldLevel.MID),
          FieldStage.FINE, List.of(FieldLevel.MID, FieldLevel.FINE),
          FieldStage.COLOUR, List.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR));

  private static final int TRACKING_RAYS = 200;
  private static final int MAPPING_RAYS = 1000;
  private static final RenderSettings SETTINGS = new RenderSettings(32, 16, 0, false, false);

  private final ComputeBackend backend;
  private final int repeats;
  private final SceneField field;
  private final FieldOptimizer optimizer;

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
    optimizer = backend.optimizer(field, false);
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
        figure(TRACKING, trackingMacs(), tracking()),
        figure(MAPPING_MID, mappingMacs(FieldStage.MID), mapping(FieldStage.MID)),
        figure(MAPPING_FINE, mappingMacs(FieldStage.FINE), mapping(FieldStage.FINE)),
        figure(MAPPING_COLOUR, mappingMacs(FieldStage.COLOUR), mapping(FieldStage.COLOUR)));
  }

  /** The iterations by name, to be run one after the other: each prepares what it needs. */
  Map<String, Runnable> iterations() {
    Map<String, Runnable> iterations = new LinkedHashMap<>();
    iterations.put(TRACKING, tracking());
    iterations.put(MAPPING_COLOUR, mapping(FieldStage.COLOUR));
    return iterations;
  }

  private Runnable tracking() {
    RayBatch rays = rays(TRACKING_RAYS);
    PoseGradient poses = new PoseGradient(TRACKING_RAYS);
    Objective objective = Objective.tracking(0.5f, 10f, 1e-10f);
    return () ->
        backend.backward(field, FieldStage.COLOUR, rays, SETTINGS, objective, null, poses, null);
  }

  private double trackingMacs() {
    double macs = 0;
    for (Decoder d : decoders(FieldStage.COLOUR)) {
      macs += 2 * d.shape().multiplyAdds() - skippedMacs(d);
    }
    return macs * TRACKING_RAYS * SETTINGS.samples();
  }

  private Runnable mapping(FieldStage stage) {
    RayBatch rays = rays(MAPPING_RAYS);
    Map<FieldLevel, long[][]> everything = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : LEVELS.get(stage)) {
      everything.put(level, everyVertex(field.grid(level)));
    }
    optimizer.begin(everything);
    optimizer.prepare(everything.keySet(), stage.readsColour());
    Objective objective = Objective.mapping(0.2f);
    return () ->
        backend.backward(field, stage, rays, SETTINGS, objective, optimizer.gradient(), null, null);
  }

  private double mappingMacs(FieldStage stage) {
    double macs = 0;
    for (Decoder d : decoders(stage)) {
      Decoder.Shape s = d.shape();
      macs += 2 * s.multiplyAdds() - skippedMacs(d) - 2.0 * s.hidden() * s.encodingSize();
      macs += d == field.colourDecoder() ? s.multiplyAdds() : 0;
    }
    return macs * MAPPING_RAYS * SETTINGS.samples();
  }

  private static long[][] everyVertex(FeatureGrid grid) {
    long[] words = new long[FeatureGrid.BLOCK_VOXELS / Long.SIZE];
    Arrays.fill(words, -1L);
    long[][] masks = new long[grid.blockCount()][];
    Arrays.fill(masks, words);
    return masks;
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

  private Figure figure(String name, double multiplyAdds, Runnable iteration) {
    double median = MedianTime.millis(repeats, iteration);
    return new Figure(name, median, 2 * multiplyAdds / median / 1e6);
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
