package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeShare;
import io.roomfield.slam.compute.ComputeShare.Work;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.RenderingConfig;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.field.BlockTable;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeptMap;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.mapping.Mapper;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.posegraph.PoseMove;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.tracking.FrontEnd;
import io.roomfield.slam.tracking.PlaceHypothesis;
import io.roomfield.slam.tracking.Tracker;
import io.roomfield.slam.tracking.TrackerState;
import io.roomfield.slam.tracking.TrackingDetail;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracker and mapper of one camera: {@link #processFrame} shows a frame's whole life. The tracker
 * works on the caller's thread against the map that the mapper last published; the mapper works on
 * its own.
 */
public final class SlamSystem implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(SlamSystem.class);
  private static final double CM = 100;

  /**
   * Where rounds may be left out, keyframes' rounds have iterations while at most so many are
   * unfinished: some two seconds of a camera that turns.
   */
  static final int WHOLE_ROUNDS = 8;

  /** And the frame after so many waits: its keyframe would come too late for any of them. */
  static final int MOST_ROUNDS = 32;

  private final SlamConfig config;
  private final SE3 initialPose;
  private final boolean localiseOnly;
  private final Optional<FrontEnd> frontEnd;
  private final Optional<PlaceRecognition> places;
  private final Optional<LoopCloser> loops;
  private final Tracker tracker;
  private final Mapper mapper;
  private final MappingThread mapping;

  /** Empty where frames wait for rounds. */
  private final Optional<MappingBudget> budget;

  private final ComputeShare.Session share;
  private final Map<LoadShedding, Long> shed = new EnumMap<>(LoadShedding.class); // is its own lock

  private final PoseHistory history;
  private RgbdFrame lastFrame;
  private TrackingResult lastResult;
  private long frames;

  /**
   * @param onMapped told of every mapping round, on the mapper's thread
   */
  public SlamSystem(
      SlamConfig config,
      PinholeCamera camera,
      SE3 initialWorldFromCamera,
      ComputeBackend backend,
      Consumer<MappingResult> onMapped) {
    this(
        new SessionSettings("", config, camera, 1, initialWorldFromCamera, false),
        backend,
        onMapped);
  }

  /**
   * @param onMapped told of every mapping round, on the mapper's thread
   */
  public SlamSystem(
      SessionSettings session, ComputeBackend backend, Consumer<MappingResult> onMapped) {
    this(session, backend, new ComputeShare(backend.lanes()), onMapped);
  }

  /**
   * @param share of the threads that this and other sessions compute on
   * @param onMapped told of every mapping round, on the mapper's thread
   */
  public SlamSystem(
      SessionSettings session,
      ComputeBackend backend,
      ComputeShare share,
      Consumer<MappingResult> onMapped) {
    this.share = share.join();
    config = session.config();
    initialPose = session.initialWorldFromCamera();
    localiseOnly = session.localiseOnly();
    PinholeCamera camera = session.camera();
    RenderSettings settings = settings(config.rendering());
    budget =
        !strict() && config.mapping().whenBehind() == WhenBehind.SKIP
            ? Optional.of(new MappingBudget())
            : Optional.empty();
    // A live camera's tracking always has a processor to itself.
    ComputeBackend mappingBackend =
        budget.isPresent() ? backend.withLanes(Math.max(1, backend.lanes() - 1)) : backend;
    mapper =
        new Mapper(
            config.mapping(), config.grid(), settings, camera, mappingBackend, config.seed());
    frontEnd =
        config.alignment().enabled()
            ? Optional.of(new FrontEnd(config.alignment(), camera, mapper.keyframes()))
            : Optional.empty();
    places = frontEnd.map(f -> new PlaceRecognition(camera, mapper.keyframes()));
    loops =
        config.alignment().closeLoops()
            ? Optional.of(
                new LoopCloser(mapper.keyframes(), frontEnd.orElseThrow(), places.orElseThrow()))
            : Optional.empty();
    tracker =
        new Tracker(
            config.tracking(), settings, camera, backend, frontEnd, initialPose, config.seed());
    history = new PoseHistory(mapper.keyframes());
    mapping =
        new MappingThread(
            mapper, history, onMapped.andThen(this::mapped), this.share, mappingBackend.lanes());
  }

  /** On the mapper's thread: what a new keyframe shows of old places is looked into there. */
  private void mapped(MappingResult result) {
    places.ifPresent(PlaceRecognition::learn);
    loops.ifPresent(LoopCloser::learn);
    budget.ifPresent(b -> b.mapped(result.mappingMillis(), System.nanoTime()));
  }

  @Override
  public void awaitMapped() throws InterruptedException {
    mapping.awaitRounds(0);
  }

  @Override
  public void othersWait(boolean waiting) {
    budget.ifPresent(b -> b.frame(waiting));
  }

  @Override
  public double mappingShare() {
    return budget.map(MappingBudget::share).orElse(1.0);
  }

  @Override
  public TrackingDetail trackingDetail() {
    return tracker.detail();
  }

  @Override
  public void weight(double weight) {
    share.weight(weight);
  }

  @Override
  public Map<LoadShedding, Long> shed() {
    synchronized (shed) {
      Map<LoadShedding, Long> since = Map.copyOf(shed);
      shed.clear();
      return since;
    }
  }

  private void leftOut(LoadShedding what) {
    synchronized (shed) {
      shed.merge(what, 1L, Long::sum);
    }
  }

  private static RenderSettings settings(RenderingConfig c) {
    return new RenderSettings(
        c.stratifiedSamples(),
        c.surfaceSamples(),
        c.importanceSamples(),
        c.perturb(),
        c.farFromRay());
  }

  /**
   * Tracks a frame and hands it to the mapper. One thread at a time.
   *
   * @throws InterruptedException if the session is being closed
   * @throws IllegalStateException if the mapper has failed; the cause is its exception
   */
  @Override
  public TrackingResult processFrame(RgbdFrame frame) throws InterruptedException {
    // A recorded sequence must not run away from the mapper; a live one leaves rounds out.
    mapping.awaitRounds(roundsBehind());

    // Has the camera come back to where it was? Then map and pose move to where they belong.
    closeLoops();

    // Where is the camera? Against the map as last published; the first frame's pose is given.
    TrackingResult result;
    try (ComputeShare.Turn _ = share.begin(Work.TRACKING, 1)) {
      result = isFirst() ? tracker.first(frame, initialPose) : track(frame);
    }
    history.add(result);

    // What does it see? A lost camera does not touch the map.
    if (result.status() != TrackingStatus.LOST && !localiseOnly) {
      if (isKeyframe(result)) {
        mapping.submit(mapper.keyframes().add(frame, result.worldFromCamera()), this::isOptimised);
      } else if (frames % config.mapping().everyFrames() == 0) {
        mapOrLeaveOut(frame);
      }
    }

    // The first map is there before anything is tracked; a live camera has its first keyframe.
    if (frames == 0 && (budget.isEmpty() || frontEnd.isEmpty())) {
      mapping.awaitRounds(0);
    }
    frames++;
    lastFrame = frame;
    lastResult = result;
    return result;
  }

  /** In a map that was opened the first frame is looked for as any other. */
  private boolean isFirst() {
    return frames == 0 && mapper.keyframes().size() == 0;
  }

  /** Rounds that may be unfinished when a frame is tracked. */
  private int roundsBehind() {
    if (strict()) {
      return 0;
    }
    return budget.isPresent() ? MOST_ROUNDS : config.mapping().maxRoundsBehind();
  }

  /** Where rounds are left out, only when the mapper has nothing else to do. */
  private void mapOrLeaveOut(RgbdFrame frame) {
    if (budget.isEmpty() || (mapping.unfinished() == 0 && budget.get().allows(System.nanoTime()))) {
      mapping.submit(frame);
    } else {
      leftOut(LoadShedding.ROUND);
    }
  }

  /** On the mapper's thread: whether a keyframe's round has iterations. */
  private boolean isOptimised() {
    if (budget.isEmpty() || mapping.unfinished() <= WHOLE_ROUNDS) {
      return true;
    }
    leftOut(LoadShedding.KEYFRAME_ITERATIONS);
    return false;
  }

  private void closeLoops() throws InterruptedException {
    if (loops.filter(LoopCloser::isOpen).isEmpty()) {
      return;
    }
    // No keyframe may come or move meanwhile, and the next frame is tracked against what moved.
    mapping.awaitRounds(0);
    List<PoseMove> moves = loops.get().optimise();
    if (Mapper.isWorthCorrecting(moves)) {
      LOG.info(
          "Frame {}: a loop is closed, keyframes move by up to {} cm",
          frames,
          Math.round(
              CM
                  * moves.stream()
                      .mapToDouble(move -> move.motion().translationNorm())
                      .max()
                      .orElse(0)));
      mapping.correct(moves, config.mapping().iterations());
      mapping.awaitRounds(0);
      tracker.moved(moves.getLast().newFromOld());
    }
  }

  /** Near where it was; if it is not there, among the places that keyframes show. */
  private TrackingResult track(RgbdFrame frame) {
    SceneField map = mapper.map().map(MapSnapshot::field).orElse(null);
    TrackingResult result = tracker.track(frame, map);
    if (places.isEmpty() || result.status() != TrackingStatus.LOST) {
      return result;
    }
    List<PlaceHypothesis> hypotheses = places.get().hypotheses(frame, result.worldFromCamera());
    return tracker.relocalise(frame, map, hypotheses).orElse(result);
  }

  /**
   * By the view where there is a front end, unless the camera seems to have jumped; otherwise by
   * the count, as published.
   */
  private boolean isKeyframe(TrackingResult result) {
    SE3 pose = result.worldFromCamera();
    return frontEnd
        .map(f -> result.asPredicted() && f.isNewView(pose))
        .orElseGet(() -> frames % config.mapping().keyframeEvery() == 0);
  }

  private boolean strict() {
    return config.sync() == SlamConfig.SyncMode.STRICT;
  }

  /**
   * Waits for the mapper, maps the last frame as a keyframe unless it was lost, then runs the final
   * refinement. No frame may follow.
   */
  @Override
  public void finish() throws InterruptedException {
    mapping.awaitRounds(0);
    if (localiseOnly) {
      return;
    }
    if (lastResult != null
        && lastResult.status() != TrackingStatus.LOST
        && !mapper.keyframes().has(lastFrame.sequenceNumber())) {
      mapping.submit(mapper.keyframes().add(lastFrame, history.latestPose()), this::isOptimised);
    }
    mapping.awaitRounds(0);
    closeLoops();
    mapping.refine();
    mapping.awaitRounds(0);
  }

  @Override
  public CompletableFuture<EngineState> capture(long since) {
    TrackerState tracking = tracker.state();
    long seen = frames;
    long last = lastFrame.sequenceNumber();
    // Behind the rounds of the frames so far, before any of a later one.
    return mapping.ask(
        () -> {
          long stamp = BlockTable.nextStamp();
          return new EngineState(
              new EngineState.Progress(
                  seen, last, tracking, loops.map(LoopCloser::state).orElse(null), mapper.state()),
              history.changedUpTo(last),
              mapper.known().stream().map(EngineState.KeptKeyframe::of).toList(),
              mapper.blocksChangedAfter(since),
              stamp);
        });
  }

  @Override
  public void written(long stamp, KeptMap kept) {
    var unused =
        mapping.ask(
            () -> {
              mapper.written(stamp, kept);
              return stamp;
            });
  }

  @Override
  public void restore(EngineState state, LongFunction<RgbdFrame> kept) {
    for (EngineState.KeptKeyframe keyframe : state.keyframes()) {
      mapper.keyframes().add(kept.apply(keyframe.sequenceNumber()), keyframe.worldFromCamera());
    }
    EngineState.Progress progress = state.progress();
    mapper.restore(progress.mapper(), state.blocks());
    history.restore(state.poses());
    tracker.restore(progress.tracker());
    places.ifPresent(PlaceRecognition::learn);
    loops.filter(closer -> progress.loops() != null).ifPresent(c -> c.restore(progress.loops()));
    frames = progress.frames();
    if (frames > 0) {
      lastFrame = kept.apply(progress.lastSequenceNumber());
      lastResult = history.latest().orElse(null);
    }
  }

  /** The poses so far; frames move with the keyframes they were tracked against. */
  @Override
  public Trajectory trajectory() {
    return history.trajectory();
  }

  @Override
  public KeyframeStore keyframes() {
    return mapper.keyframes();
  }

  /** The map as last published; empty before the first frame was mapped. */
  @Override
  public Optional<MapSnapshot> map() {
    return mapper.map();
  }

  @Override
  public void close() {
    try {
      mapping.close();
    } finally {
      mapper.close();
    }
  }
}
