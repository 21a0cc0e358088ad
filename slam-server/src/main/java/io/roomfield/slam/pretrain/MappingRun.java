package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.MappingStage;
import io.roomfield.slam.mapping.WholeMask;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.PixelSampler.Among;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Maps the geometry of posed keyframes: a mapping round without colour and without poses. */
final class MappingRun {
  /**
   * @param field the map; its colour grid is empty
   * @param startMillis until the first iteration
   * @param iterationMillis the median iteration; 0 where there was none
   */
  record Mapped(SceneField field, double startMillis, double iterationMillis) {}

  private static final double NANOS_PER_MILLI = 1e6;

  private final ComputeBackend backend;
  private final MappingConfig config;
  private final RenderSettings settings;
  private final FieldStart start;
  private final RayBatch rays;

  /**
   * @param raysPerIteration over all keyframes
   */
  MappingRun(
      ComputeBackend backend,
      MappingConfig config,
      RenderSettings settings,
      FieldStart start,
      int raysPerIteration) {
    this.backend = backend;
    this.config = config;
    this.settings = settings;
    this.start = start;
    rays = new RayBatch(raysPerIteration);
  }

  /** Starts afresh and optimises. */
  Mapped run(List<View> keyframes, int iterations, long seed) {
    long began = System.nanoTime();
    SceneField field = start.start(keyframes, seed);
    double startMillis = millisSince(began);
    double[] millis = new double[iterations];
    SplittableRandom random = new SplittableRandom(seed);
    try (FieldOptimizer optimizer = backend.optimizer(field, false)) {
      optimizer.begin(masks(field));
      for (int i = 0; i < iterations; i++) {
        long iterationBegan = System.nanoTime();
        draw(keyframes, random);
        iterate(field, optimizer, start.stage(i, iterations));
        millis[i] = millisSince(iterationBegan);
      }
      optimizer.finish();
    }
    return new Mapped(field, startMillis, iterations == 0 ? 0 : Median.of(millis));
  }

  private void iterate(SceneField field, FieldOptimizer optimizer, MappingStage stage) {
    Map<FieldLevel, Double> rates = stage.rates(config, 1);
    optimizer.prepare(rates.keySet(), false);
    backend.backward(
        field,
        stage.fieldStage(),
        rays,
        settings,
        Objective.mapping(0f),
        optimizer.gradient(),
        null,
        null);
    optimizer.step(rates, 0);
  }

  private static Map<FieldLevel, long[][]> masks(SceneField field) {
    Map<FieldLevel, long[][]> masks = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE}) {
      masks.put(level, WholeMask.of(field.grid(level)));
    }
    return masks;
  }

  private void draw(List<View> keyframes, SplittableRandom random) {
    View.aim(rays, keyframes);
    rays.seed = random.nextLong();
    int share = rays.capacity() / keyframes.size();
    for (int i = 0; i < keyframes.size(); i++) {
      View view = keyframes.get(i);
      new PixelSampler(view.camera(), 0)
          .draw(view.pixels(), Among.WITH_READING, share, i, random, rays);
    }
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / NANOS_PER_MILLI;
  }
}
