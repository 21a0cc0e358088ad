package io.roomfield.slam.pretrain;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.RenderSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Maps a clip's keyframes for several numbers of iterations and measures the maps. */
final class ClipBench {
  private static final int STRATIFIED_SAMPLES = 32;
  private static final int SURFACE_SAMPLES = 16;

  private final ComputeBackend backend;
  private final double fineVoxel;
  private final BenchProtocol protocol;
  private final MappingRun mapping;
  private final SurfaceMeasures measures;
  private final TrackingBasin basin;

  /**
   * @param config rates, stages and tracking; the number of rays is the protocol's
   */
  ClipBench(ComputeBackend backend, SlamConfig config, FieldStart start, BenchProtocol protocol) {
    this.backend = backend;
    fineVoxel = config.grid().fineVoxel();
    this.protocol = protocol;
    RenderSettings settings = settings(config);
    mapping = new MappingRun(backend, config.mapping(), settings, start, protocol.rays());
    measures = new SurfaceMeasures(backend, settings);
    basin = new TrackingBasin(backend, settings, config.tracking());
  }

  /** The published numbers of samples, put on the ray as the preset says. */
  static RenderSettings settings(SlamConfig config) {
    return new RenderSettings(
        STRATIFIED_SAMPLES,
        SURFACE_SAMPLES,
        0,
        config.rendering().perturb(),
        config.rendering().farFromRay());
  }

  /** One run, all of whose random choices come from {@code seed}. */
  ClipFigures run(Clip clip, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ProbePixels keyframes = ProbePixels.draw(clip.keyframes(), protocol.pixels(), random);
    ProbePixels between = ProbePixels.draw(clip.between(), protocol.pixels(), random);
    Map<Integer, ClipFigures.AtCount> figures = new LinkedHashMap<>();
    Map<String, TrackingBasin.Figures> tracking = new LinkedHashMap<>();
    for (int iterations : protocol.iterations()) {
      MappingRun.Mapped mapped = mapping.run(clip.keyframes(), iterations, seed);
      SceneField field = mapped.field();
      figures.put(
          iterations,
          new ClipFigures.AtCount(
              mapped.startMillis(),
              mapped.iterationMillis(),
              measures.measure(field, keyframes),
              measures.measure(field, between)));
      if (iterations == protocol.trackedAfter()) {
        tracking.putAll(basin.measure(field, clip.between(), seed));
      }
    }
    FusedBaseline fused = new FusedBaseline(clip.keyframes(), fineVoxel, backend);
    return new ClipFigures(
        figures,
        tracking,
        new FusedBaseline.OfClip(
            fused.measure(clip.keyframes(), keyframes), fused.measure(clip.between(), between)));
  }
}
