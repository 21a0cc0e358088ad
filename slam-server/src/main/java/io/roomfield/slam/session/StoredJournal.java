package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.field.BlockTable;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeptMap;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapBlock;
import io.roomfield.slam.store.Checkpoint;
import io.roomfield.slam.store.Json;
import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionDatabase;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.store.StoredSession;
import io.roomfield.slam.tracking.TrackerState;
import io.roomfield.slam.tracking.TrackingResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A journal in the session's database. */
final class StoredJournal implements Journal, KeptMap {
  /**
   * What it is bound to.
   *
   * @param interval between checkpoints
   * @param mapBytes see {@link KeptMap#budgetBytes}; as many as there are where it is 0
   */
  record Limits(Duration interval, long mapBytes) {}

  private final SessionRow session;
  private final SessionFiles files;
  private final SessionDatabase database;
  private final Limits limits;
  private final SlamMetrics metrics;

  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private volatile long lastNanos = System.nanoTime();
  private volatile long stamp;

  /**
   * @param session its row as it is
   * @param database of the session, this journal's own
   */
  StoredJournal(
      SessionRow session,
      SessionFiles files,
      SessionDatabase database,
      Limits limits,
      SlamMetrics metrics) {
    this.session = session;
    this.files = files;
    this.database = database;
    this.limits = limits;
    this.metrics = metrics;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  @Override
  public CompletableFuture<Void> accept(RgbdFrame frame) {
    RgbdFrame.EncodedImages images = frame.encoded();
    pending.incrementAndGet();
    CompletableFuture<Void> written =
        database.accept(
            FrameRow.accepted(frame.sequenceNumber(), frame.timestampNanos()),
            new ImagesRow(
                frame.sequenceNumber(),
                images.colourEncoding(),
                images.colour(),
                images.depthEncoding(),
                images.depth()));
    return written.whenComplete((done, e) -> pending.decrementAndGet());
  }

  @Override
  public int pending() {
    return pending.get();
  }

  @Override
  public void tracked(TrackingResult result) {
    put(row(result, null));
  }

  private void put(FrameRow row) {
    // Where it fails, so do the frames that are accepted after it, and those are answered.
    var unused = database.putFrame(row);
  }

  private static FrameRow row(TrackingResult result, String record) {
    return new FrameRow(
        result.sequenceNumber(),
        result.timestampNanos(),
        result.status().name(),
        result.worldFromCamera(),
        record);
  }

  @Override
  public void keyframe(Keyframe keyframe) {
    var unused = database.putKeyframe(row(EngineState.KeptKeyframe.of(keyframe)));
  }

  @Override
  public void dropped(long sequenceNumber, long timestampNanos) {
    put(new FrameRow(sequenceNumber, timestampNanos, FrameRow.DROPPED, null, null));
  }

  @Override
  public boolean isCheckpointDue() {
    return !underWay.get() && System.nanoTime() - lastNanos >= limits.interval.toNanos();
  }

  @Override
  public CompletableFuture<Void> checkpoint(Engine engine, boolean finished) {
    underWay.set(true);
    long start = System.nanoTime();
    lastNanos = start;
    LongAdder bytes = new LongAdder();
    CompletableFuture<Void> before = last;
    CompletableFuture<Void> counts =
        engine
            .capture(stamp)
            .thenCompose(
                state -> {
                  stamp = state.stamp();
                  return before
                      .thenCompose(done -> database.checkpoint(checkpoint(state, finished, bytes)))
                      .thenRun(() -> written(engine, state.stamp()));
                })
            .thenRun(() -> metrics.checkpointed(System.nanoTime() - start, bytes.sum()))
            .whenComplete((done, e) -> underWay.set(false));
    last = counts;
    return counts;
  }

  private void written(Engine engine, long now) {
    if (limits.mapBytes > 0) {
      engine.written(now, this);
    }
  }

  @Override
  public long budgetBytes() {
    return limits.mapBytes;
  }

  @Override
  public MapBlock block(MapBlock.Part part, int number) {
    metrics.blockLoaded();
    return block(database.block(level(part), number));
  }

  @Override
  public void evicted(int blocks) {
    metrics.blocksEvicted(blocks);
  }

  private static String level(MapBlock.Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param bytes counts what its blocks take as they are written
   */
  private static Checkpoint checkpoint(EngineState state, boolean finished, LongAdder bytes) {
    return new Checkpoint(
        state.progress().lastSequenceNumber(),
        Json.write(state.progress()),
        state.blocks().stream()
            .map(StoredJournal::row)
            .peek(block -> bytes.add(block.content().length))
            .iterator(),
        state.poses().stream().map(pose -> row(pose.result(), Json.write(pose))).toList(),
        state.keyframes().stream().map(StoredJournal::row).toList(),
        finished);
  }

  private static KeyframeRow row(EngineState.KeptKeyframe k) {
    return new KeyframeRow(k.id(), k.sequenceNumber(), k.timestampNanos(), k.worldFromCamera());
  }

  private static EngineState.KeptKeyframe keyframe(KeyframeRow k) {
    return new EngineState.KeptKeyframe(
        k.id(), k.sequenceNumber(), k.timestampNanos(), k.worldFromCamera());
  }

  private static BlockRow row(MapBlock block) {
    return new BlockRow(
        level(block.part()),
        block.number(),
        block.x(),
        block.y(),
        block.z(),
        block.anchor(),
        block.content());
  }

  /** A stored state as an engine takes it. */
  static EngineState state(StoredSession stored, StoredSession.State state) {
    EngineState.Progress progress = Json.read(state.state(), EngineState.Progress.class);
    List<KeptPose> poses =
        stored.frames().stream()
            .filter(f -> f.record() != null && state.covers(f))
            .map(f -> Json.read(f.record(), KeptPose.class))
            .toList();
    List<EngineState.KeptKeyframe> keyframes =
        state.keyframes().stream().map(StoredJournal::keyframe).toList();
    return new EngineState(
        progress,
        poses,
        LostKeyframes.replaced(keyframes, progress.mapper().mappedKeyframes(), poses),
        state.blocks().stream().map(StoredJournal::block).toList(),
        0);
  }

  /**
   * The state of an engine that has the same map and has seen no frame.
   *
   * @param initial where the camera is; empty where it is to be found
   */
  static String asMap(String state, Optional<SE3> initial) {
    EngineState.Progress p = Json.read(state, EngineState.Progress.class);
    SE3 pose = initial.orElse(p.tracker().last());
    TrackerState tracker = new TrackerState(pose, 0, pose, 0, initial.isEmpty(), SE3.IDENTITY);
    return Json.write(new EngineState.Progress(0, 0, tracker, p.loops(), p.mapper()));
  }

  private static MapBlock block(BlockRow row) {
    return MapBlock.of(
        part(row), row.number(), row.x(), row.y(), row.z(), row.anchor(), row.content());
  }

  @Override
  public StoredSession load() throws InterruptedException {
    try {
      last.handle((done, e) -> e).get(); // of an engine that is closed: it ends
      database.flush().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
    return files.read(session.id());
  }

  @Override
  public void restored(StoredSession from, Engine engine) {
    underWay.set(false);
    last = CompletableFuture.completedFuture(null);
    // Where blocks were lost, now or before, those behind them have other numbers now.
    stamp =
        from.losses().isEmpty() && from.checkpoint().filter(StoredJournal::isWhole).isPresent()
            ? BlockTable.nextStamp()
            : 0;
    written(engine, stamp);
  }

  private static boolean isWhole(StoredSession.State state) {
    Map<MapBlock.Part, Integer> counts =
        Json.read(state.state(), EngineState.Progress.class).mapper().blocks();
    long there =
        state.blocks().stream()
            .filter(block -> block.number() < counts.getOrDefault(part(block), 0))
            .count();
    return there == counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static MapBlock.Part part(BlockRow row) {
    return MapBlock.Part.valueOf(row.level().toUpperCase(Locale.ROOT));
  }

  @Override
  public Optional<ImagesRow> images(long sequenceNumber) {
    return database.images(sequenceNumber);
  }

  @Override
  public CompletableFuture<Void> shared(Ownership ownership) {
    return database.putOwnership(ownership.owner(), Json.write(ownership.grants()));
  }

  @Override
  public void close() {
    database.close();
  }
}
