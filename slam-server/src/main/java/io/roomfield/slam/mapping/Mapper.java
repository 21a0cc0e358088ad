package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.field.BlockTable;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.posegraph.PoseMove;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PixelSampler;
import io.roomfield.slam.render.PixelSampler.Among;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;

/**
 * Maps frames: allocate, choose the window, optimise in stages, publish (NICE-SLAM, section 3.3;
 * algorithm, section 3). For one thread; {@link #map()} and {@link #keyframes()} are for anyone.
 */
public final class Mapper implements AutoCloseable {
  /** Keeps rounds' random numbers apart (Steele et al., SplitMix, OOPSLA 2014). */
  private static final long ROUND_SALT = 0xBF58476D1CE4E5B9L;

  private final MappingConfig config;
  private final RenderSettings settings;
  private final PinholeCamera camera;
  private final ComputeBackend backend;
  private final SceneField field;
  private final DecoderFamily family;

  /** The fused depth beside the grids and what reads it; null where the paper's half is alone. */
  private FieldEncoder encoder;

  private final MappedLevels levels;
  private final KeyframeSelector selector;
  private final FieldOptimizer optimizer;
  private final ResidentBlocks residents;
  private final PixelSampler sampler;
  private final RayBatch rays;
  private final SpaceTargets space;
  private final PoseGradient poseGradient;
  private final KeyframeStore keyframes = new KeyframeStore();
  private final BlockAnchors anchors = new BlockAnchors();
  private final long seed;

  /** A round's own, so that what it draws depends on the seed and its number alone. */
  private SplittableRandom random;

  private long rounds;

  /** Keyframes that have had their round; later ones may be waiting for it. */
  private int mappedKeyframes;

  private volatile MapSnapshot published;
  private Runnable betweenIterations = () -> {};

  public Mapper(
      MappingConfig config,
      GridConfig grid,
      RenderSettings settings,
      PinholeCamera camera,
      ComputeBackend backend,
      long seed) {
    this.config = config;
    this.settings = settings;
    this.backend = backend;
    family = DecoderFamily.load(grid.decoders());
    field = EmptyField.create(grid, family, seed);
    this.camera = camera;
    encoder =
        config.encode()
            ? encoder(new DepthFusion(FusedDepth.beside(grid.fineVoxel()), backend))
            : null;
    boolean encodesCoarse = encoder != null && encoder.encodesCoarse();
    FrustumMask frustum = new FrustumMask(camera, config.frustumMargin());
    levels = new MappedLevels(field, encodesCoarse, new BlockAllocator(camera, settings), frustum);
    selector = new KeyframeSelector(camera, config.otherKeyframes());
    optimizer = backend.optimizer(field, config.keepMoments());
    residents = new ResidentBlocks(field, optimizer, frustum);
    sampler = new PixelSampler(camera, 0);
    rays = new RayBatch(config.pixels() + config.window());
    space = new SpaceTargets(rays.capacity(), config.spaceWeight());
    poseGradient = new PoseGradient(rays.capacity());
    this.seed = seed;
  }

  private FieldEncoder encoder(DepthFusion fusion) {
    return new FieldEncoder(family, field, fusion, backend);
  }

  /** To be run between iterations, on the mapper's thread: others may go first there. */
  public void betweenIterations(Runnable pause) {
    betweenIterations = pause;
  }

  /** The map as last published. */
  public Optional<MapSnapshot> map() {
    return Optional.ofNullable(published);
  }

  public KeyframeStore keyframes() {
    return keyframes;
  }

  /** The keyframes that have had their round; for the mapper's thread. */
  public List<Keyframe> known() {
    return keyframes.all().subList(0, mappedKeyframes);
  }

  /**
   * Runs one round for a tracked frame, and publishes the map.
   *
   * @throws CancellationException if the thread is interrupted; nothing is published then
   */
  public MappingResult map(RgbdFrame frame, SE3 worldFromCamera) {
    // It belongs to the keyframe before it.
    int anchor = Math.max(0, mappedKeyframes - 1);
    FramePixels pixels = FramePixels.of(frame.depthMetres(), frame.rgb());
    return map(frame, pixels, worldFromCamera, anchor, iterations());
  }

  /**
   * Runs the round of a keyframe: in the order of {@link #keyframes()}, each once. Its pose is then
   * as bundle adjustment left it.
   *
   * @throws CancellationException if the thread is interrupted; nothing is published then
   */
  public MappingResult map(Keyframe keyframe, SE3 worldFromCamera) {
    return map(keyframe, worldFromCamera, iterations());
  }

  /**
   * Takes in a keyframe as its round would, and optimises nothing: its blocks are allocated, its
   * depth is fused and encoded, and later rounds may draw it.
   */
  public MappingResult observe(Keyframe keyframe, SE3 worldFromCamera) {
    return map(keyframe, worldFromCamera, 0);
  }

  private int iterations() {
    return published == null ? config.firstFrameIterations() : config.iterations();
  }

  private MappingResult map(Keyframe keyframe, SE3 worldFromCamera, int iterations) {
    MappingResult result =
        map(keyframe.frame(), keyframe.pixels(), worldFromCamera, keyframe.id(), iterations);
    keyframe.moveTo(result.worldFromCamera());
    mappedKeyframes++;
    return result;
  }

  private MappingResult map(
      RgbdFrame frame, FramePixels pixels, SE3 worldFromCamera, int anchor, int iterations) {
    long start = System.nanoTime();
    beginRound();
    double factor = published == null ? config.firstFrameRateFactor() : 1;
    levels.allocate(pixels, worldFromCamera);
    if (encoder != null) {
      encoder.observe(frame.depthMetres(), camera, worldFromCamera);
    }
    anchors.anchorNew(field, anchor);
    SE3 pose = worldFromCamera;
    double meanDepth = Double.NaN;
    double meanColour = Double.NaN;
    MappingWindow window =
        MappingWindow.around(pixels, worldFromCamera, known(), config.window(), selector, random);
    if (iterations > 0) {
      BatchLosses losses =
          optimise(window, levels.masks(pixels, worldFromCamera), iterations, factor);
      pose = window.currentPose();
      meanDepth = losses.meanDepth();
      meanColour = losses.meanColour();
    }
    publish();
    residents.after(window);
    double millis = (System.nanoTime() - start) / 1e6;
    return new MappingResult(frame.sequenceNumber(), pose, meanDepth, meanColour, millis);
  }

  /** The iterations of a round on a window; the losses of the last. */
  private BatchLosses optimise(
      MappingWindow window, Map<FieldLevel, long[][]> masks, int iterations, double rateFactor) {
    optimizer.begin(masks);
    BatchLosses losses = optimise(window, iterations, rateFactor);
    optimizer.finish();
    if (encoder != null) {
      encoder.optimised(masks);
    }
    window.writeBack();
    return losses;
  }

  /** The staged iterations of a round; the losses of the last. */
  private BatchLosses optimise(MappingWindow window, int iterations, double rateFactor) {
    boolean adjust = config.poseRate() > 0 && mappedKeyframes >= config.bundleAdjustmentKeyframes();
    BundleAdjustment adjustment =
        new BundleAdjustment(window.poses(), window.oldest(), config.poseRate());
    BatchLosses losses = null;
    for (int i = 0; i < iterations; i++) {
      pause();
      MappingStage stage = MappingStage.of(i, iterations, config);
      boolean colour = stage == MappingStage.COLOUR;
      draw(window, colour ? Among.ALL : Among.WITH_READING);
      Map<FieldLevel, Double> rates = rates(stage, rateFactor);
      optimizer.prepare(rates.keySet(), colour);
      losses =
          backend.backward(
              field,
              stage.fieldStage(),
              rays,
              settings,
              Objective.mapping(colour ? (float) config.colourWeight() : 0f),
              optimizer.gradient(),
              adjust && colour ? poseGradient : null,
              null);
      addSpace(stage == MappingStage.MID ? FieldStage.MID : FieldStage.FINE);
      optimizer.step(rates, rateFactor * config.decoderRate());
      if (adjust && colour) {
        adjustment.step(poseGradient, rays);
      }
      if (levels.optimisesCoarse()) {
        optimiseCoarse(rateFactor);
      }
    }
    return losses;
  }

  /** Adds what the batch's readings say of the space along their rays. */
  private void addSpace(FieldStage stage) {
    if (config.spaceWeight() > 0) {
      backend.occupancyBackward(field, stage, space.draw(rays, random), optimizer.gradient());
    }
  }

  /** A stage's learning rates of the levels that have features. */
  private Map<FieldLevel, Double> rates(MappingStage stage, double factor) {
    Map<FieldLevel, Double> rates = stage.rates(config, factor);
    rates.keySet().removeIf(level -> !field.hasFeatures(level));
    return rates;
  }

  /** The coarse level's own optimisation: the same rays' stratified samples, its own loss. */
  private void optimiseCoarse(double rateFactor) {
    MappingWindow all = MappingWindow.ofAll(known(), config.window(), random);
    if (!all.isEmpty()) {
      draw(all, Among.WITH_READING);
    }
    optimizer.prepare(Set.of(FieldLevel.COARSE), false);
    backend.backward(
        field,
        FieldStage.COARSE,
        rays,
        settings,
        Objective.mapping(0f),
        optimizer.gradient(),
        null,
        null);
    optimizer.step(Map.of(FieldLevel.COARSE, rateFactor * config.coarseRate()), 0);
  }

  private void draw(MappingWindow window, Among among) {
    rays.count = 0;
    rays.seed = random.nextLong();
    rays.poses = window.poses();
    rays.frameMaxDepth = window.maxDepths();
    int frames = window.size();
    for (int i = 0; i < frames; i++) {
      int share = config.pixels() * (i + 1) / frames - config.pixels() * i / frames;
      int atEdges = (int) (config.edgeShare() * share);
      sampler.draw(window.pixels(i), Among.DEPTH_EDGE, atEdges, i, random, rays);
      sampler.draw(window.pixels(i), among, share - atEdges, i, random, rays);
    }
  }

  /**
   * The final refinement of colour when a sequence ends (algorithm, section 3): colour-stage
   * iterations over windows drawn from all keyframes, poses held.
   */
  public void refine() {
    List<Keyframe> all = keyframes.all();
    if (all.isEmpty() || config.refinementIterations() == 0) {
      return;
    }
    beginRound();
    optimizer.begin(WholeMask.of(field));
    iterate(all, config.refinementIterations(), i -> MappingStage.COLOUR);
    optimizer.finish();
    publish();
  }

  /** Iterations over windows drawn from these keyframes, poses held. */
  private void iterate(List<Keyframe> from, int iterations, IntFunction<MappingStage> stages) {
    for (int i = 0; i < iterations; i++) {
      pause();
      MappingStage stage = stages.apply(i);
      boolean colour = stage == MappingStage.COLOUR;
      draw(
          MappingWindow.ofAll(from, config.window(), random),
          colour ? Among.ALL : Among.WITH_READING);
      Map<FieldLevel, Double> rates = rates(stage, 1);
      optimizer.prepare(rates.keySet(), colour);
      backend.backward(
          field,
          stage.fieldStage(),
          rays,
          settings,
          Objective.mapping(colour ? (float) config.colourWeight() : 0f),
          optimizer.gradient(),
          null,
          null);
      addSpace(stage == MappingStage.MID ? FieldStage.MID : FieldStage.FINE);
      optimizer.step(rates, config.decoderRate());
    }
  }

  /** Whether {@link #correct} would mend more than it costs. */
  public static boolean isWorthCorrecting(List<PoseMove> moves) {
    return MapCorrection.isWorthwhile(moves);
  }

  /**
   * Corrects the map when keyframes' poses were corrected from outside, as by a pose graph: moves
   * the keyframes and what was mapped around them, encodes anew where voxels are encoded, optimises
   * again what is stale over the keyframes that see it, and publishes. Not during a round: for the
   * thread that calls {@link #map(RgbdFrame, SE3)}, with every keyframe mapped.
   *
   * @param moves keyframes that are not named stay
   * @param iterations in the colour stage where voxels are encoded, otherwise in stages that have
   *     the shares of a mapping round's
   * @return per level, the numbers of the blocks that may have changed
   * @throws IllegalArgumentException if there is no keyframe of a move's id; nothing has moved then
   * @throws CancellationException if the thread is interrupted; nothing is published then
   */
  public Map<FieldLevel, int[]> correct(List<PoseMove> moves, int iterations) {
    beginRound();
    List<Keyframe> all = keyframes.all();
    MapCorrection correction = new MapCorrection(field, anchors, camera);
    correction.move(levels.optimised(), all, moves);
    Map<FieldLevel, int[]> stale = correction.stale();
    if (encoder != null) {
      encoder = encoder(MapCorrection.fuseAgain(encoder.fused(), all, camera, backend));
      encoder.adopt(stale);
    }
    stale.forEach(optimizer::forget);
    optimizer.begin(WholeMask.of(field, stale));
    List<Keyframe> seeing = correction.seeing(stale.get(FieldLevel.FINE), all);
    if (!seeing.isEmpty()) {
      // What is encoded fits already; the mid stage's large steps would undo that.
      iterate(
          seeing,
          iterations,
          i -> encoder == null ? MappingStage.of(i, iterations, config) : MappingStage.COLOUR);
    }
    optimizer.finish();
    publish();
    return stale;
  }

  private void beginRound() {
    rounds++;
    random = new SplittableRandom(new SplittableRandom(seed ^ (rounds * ROUND_SALT)).nextLong());
  }

  private void pause() {
    betweenIterations.run();
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("mapping was interrupted");
    }
  }

  /** Publishes a picture of the map. */
  private void publish() {
    published = new MapSnapshot(published == null ? 1 : published.version() + 1, field.snapshot());
  }

  private MapBlocks blocks() {
    return new MapBlocks(field, anchors, optimizer, encoder);
  }

  /** What there is to know between two rounds, but for the blocks. For the mapper's thread. */
  public MapperState state() {
    long version = published == null ? 0 : published.version();
    return blocks().state(version, rounds, mappedKeyframes);
  }

  /**
   * The blocks that changed after a stamp ({@link BlockTable#nextStamp}); what they hold does not
   * change any more. Between rounds, for the mapper's thread.
   */
  public List<MapBlock> blocksChangedAfter(long stamp) {
    return blocks().changedAfter(stamp);
  }

  /**
   * To be told that all blocks are on disk as they were at a stamp: those that have not changed
   * since may leave memory, and come back from there. Between rounds, for the mapper's thread.
   */
  public void written(long stamp, KeptMap kept) {
    residents.written(stamp, kept);
  }

  /** Bytes of features and moments in memory, since something was written. */
  public long residentBytes() {
    return residents.bytes();
  }

  /**
   * Goes on from what was kept. Before the first round, when the keyframes are there.
   *
   * @param blocks of each part in order of their numbers; taken over
   * @throws IllegalArgumentException if the map was made with other decoders
   */
  public void restore(MapperState state, List<MapBlock> blocks) {
    blocks().restore(blocks, state, family.name());
    rounds = state.rounds();
    mappedKeyframes = Math.min(state.mappedKeyframes(), keyframes.size());
    if (state.version() > 0) {
      published = new MapSnapshot(state.version(), field.snapshot());
    }
  }

  /** Gives back what the optimizer holds of the backend; when no round runs. */
  @Override
  public void close() {
    optimizer.close();
  }
}
