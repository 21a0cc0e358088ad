package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.EncodingBatch;
import io.roomfield.slam.fusion.PatchReader;
import io.roomfield.slam.mapping.BlockAllocator;
import io.roomfield.slam.mapping.EmptyField;
import io.roomfield.slam.mapping.WholeMask;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RaySampler;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An episode's map: mid and fine features, encoded from its fused depth where views look. */
final class EpisodeField {
  static final RenderSettings SETTINGS = new RenderSettings(32, 16, 0, true, true);

  private static final FieldLevel[] LEVELS = {FieldLevel.MID, FieldLevel.FINE};

  /** Views are looked over at every so-manieth pixel, and so many points along each ray. */
  private static final int PIXEL_STEP = 16;

  private static final int STEPS_PER_RAY = 32;

  private final DecoderFamily family;
  private final Episode episode;
  private final ComputeBackend backend;
  private final SceneField field;
  private final BlockAllocator allocator = new BlockAllocator(TrainingWalk.CAMERA, SETTINGS);
  private final Map<FieldLevel, EncodingBatch> batches = new EnumMap<>(FieldLevel.class);
  private final Map<FieldLevel, boolean[]> encoded = new EnumMap<>(FieldLevel.class);

  EpisodeField(DecoderFamily family, GridConfig grid, Episode episode, ComputeBackend backend) {
    this.family = family;
    this.episode = episode;
    this.backend = backend;
    field = EmptyField.create(grid, family, 0);
    for (FieldLevel level : LEVELS) {
      batches.put(level, new EncodingBatch(PatchReader.INPUTS));
    }
  }

  SceneField field() {
    return field;
  }

  /** Allocates and encodes every block that these views' rays pass. */
  void encode(List<Episode.View> views) {
    for (FieldLevel level : LEVELS) {
      FeatureGrid grid = field.grid(level);
      for (Episode.View view : views) {
        allocator.allocate(grid, view.exact(), view.worldFromCamera());
      }
      boolean[] passed = new boolean[grid.blockCount()];
      views.forEach(view -> markPassed(grid, view, passed));
      encoded.put(level, passed);
      encode(level, passed);
    }
  }

  private void encode(FieldLevel level, boolean[] passed) {
    FeatureGrid grid = field.grid(level);
    PatchReader patches = new PatchReader(episode.fused(), grid.voxelEdge());
    EncodingBatch batch = batches.get(level);
    batch.clear();
    for (int block = 0; block < passed.length; block++) {
      if (passed[block]) {
        patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
        batch.add(block, patches, vertex -> true);
      }
    }
    batch.encodeInto(grid, family.encoder(level), backend);
  }

  /** Mapping iterations as SLAM runs them after encoding: fine stage, the sensor's readings. */
  void refine(
      Episode.View view, int iterations, double rate, RayBatch rays, SplittableRandom random) {
    Map<FieldLevel, Double> rates = Map.of(FieldLevel.MID, rate, FieldLevel.FINE, rate);
    try (FieldOptimizer optimizer = backend.optimizer(field, false)) {
      optimizer.begin(encodedVertices());
      for (int i = 0; i < iterations; i++) {
        view.drawSensed(rays, random);
        optimizer.prepare(rates.keySet(), false);
        backend.backward(
            field,
            FieldStage.FINE,
            rays,
            SETTINGS,
            Objective.mapping(0f),
            optimizer.gradient(),
            null,
            null);
        optimizer.step(rates, 0);
      }
      optimizer.finish();
    }
  }

  private Map<FieldLevel, long[][]> encodedVertices() {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : LEVELS) {
      long[][] whole = WholeMask.of(field.grid(level));
      boolean[] passed = encoded.get(level);
      for (int block = 0; block < whole.length; block++) {
        whole[block] = passed[block] ? whole[block] : null;
      }
      masks.put(level, whole);
    }
    return masks;
  }

  /** Keeps the gradient of the blocks encoded last, and of the decoders' weights. */
  void activate(FieldGradient gradient) {
    gradient.deactivateAll();
    for (FieldLevel level : LEVELS) {
      boolean[] passed = encoded.get(level);
      for (int block = 0; block < passed.length; block++) {
        if (passed[block]) {
          gradient.activate(level, field.grid(level), block);
        }
      }
    }
    gradient.activateWeights(FieldLevel.MID, family.mid());
    gradient.activateWeights(FieldLevel.FINE, family.fine());
    gradient.clear();
  }

  /** Adds the encoder's gradient of a level. */
  void encoderBackward(FieldLevel level, FieldGradient gradient, float[] weightGradient) {
    batches
        .get(level)
        .backward(
            block -> gradient.block(level, 0, block),
            family.encoder(level),
            backend,
            new float[][] {weightGradient});
  }

  private static void markPassed(FeatureGrid grid, Episode.View view, boolean[] passed) {
    int width = TrainingWalk.CAMERA.width();
    float[] depth = view.exact().depthMetres();
    for (int pixel = 0; pixel < depth.length; pixel++) {
      if (pixel % width % PIXEL_STEP == 0 && pixel / width % PIXEL_STEP == 0) {
        double far = RaySampler.FAR_FACTOR * depth[pixel];
        for (int i = 0; i <= STEPS_PER_RAY; i++) {
          mark(grid, view.point(pixel, far * i / STEPS_PER_RAY), passed);
        }
      }
    }
  }

  /** Marks the blocks of the eight vertices around a point. */
  private static void mark(FeatureGrid grid, double[] p, boolean[] passed) {
    int shift = FeatureGrid.BLOCK_SHIFT;
    int[] low = new int[3];
    Arrays.setAll(low, a -> (int) Math.floor(p[a] / grid.voxelEdge()));
    for (int bz = low[2] >> shift; bz <= (low[2] + 1) >> shift; bz++) {
      for (int by = low[1] >> shift; by <= (low[1] + 1) >> shift; by++) {
        for (int bx = low[0] >> shift; bx <= (low[0] + 1) >> shift; bx++) {
          int block = grid.blockAt(bx, by, bz);
          if (block >= 0) {
            passed[block] = true;
          }
        }
      }
    }
  }
}
