package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeptMap;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.mapping.MapperState;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackerState;
import io.roomfield.slam.tracking.TrackingDetail;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * An engine that moves the camera one metre along x a frame, and computes nothing. It tracks one
 * frame for each permit it is given; every frame is a keyframe and a mapping round.
 */
public final class FakeEngine implements Engine {
  private static final double MAP_METRES = 0.25;
  private static final double TRACKING_MILLIS = 2;
  private static final double MAPPING_MILLIS = 4;
  private static final double ALIGNMENT_MILLIS = 1;
  private static final double INLIER_SHARE = 0.9;
  private static final double MAPPING_SHARE = 0.75;

  private final Consumer<MappingResult> onMapped;
  private final Semaphore permits = new Semaphore(0);
  private final List<TrackingResult> results = new CopyOnWriteArrayList<>();
  private final KeyframeStore keyframes = new KeyframeStore();
  private volatile RuntimeException failure;
  private volatile Long failingFrame;
  private volatile Long unmappable;
  private volatile RuntimeException roundFailure;
  private volatile RuntimeException mapperFailure;
  private volatile RuntimeException finishingFailure;
  private volatile TrackingStatus status = TrackingStatus.TRACKING;
  private volatile MapSnapshot map;
  private volatile boolean finished;
  private volatile boolean othersWaited;
  private volatile boolean closed;

  public FakeEngine(Consumer<MappingResult> onMapped) {
    this.onMapped = onMapped;
  }

  /** Lets so many more frames through. */
  public void permit(int frames) {
    permits.release(frames);
  }

  /** The next frames end in this. */
  public void failWith(RuntimeException e) {
    failure = e;
  }

  /** One frame ends in this, in this engine alone. */
  public void failAt(long sequenceNumber, RuntimeException e) {
    failingFrame = sequenceNumber;
    failure = e;
  }

  /** The map that it has from now on. */
  public void publish(MapSnapshot published) {
    map = published;
  }

  public void status(TrackingStatus next) {
    status = next;
  }

  public boolean finished() {
    return finished;
  }

  public boolean closed() {
    return closed;
  }

  @Override
  public TrackingResult processFrame(RgbdFrame frame) throws InterruptedException {
    permits.acquire();
    awaitMapped();
    if (failure != null && (failingFrame == null || failingFrame == frame.sequenceNumber())) {
      throw failure;
    }
    SE3 pose = SE3.fromRotationVector(0, 0, 0, results.size(), 0, 0);
    String reason = status == TrackingStatus.TRACKING ? "" : "as the test says";
    TrackingResult result =
        new TrackingResult(
            frame.sequenceNumber(),
            frame.timestampNanos(),
            pose,
            SE3.fromRotationVector(0, 0, 0, 0, MAP_METRES, 0),
            status,
            reason,
            true,
            new double[36],
            0.01,
            0.02,
            TRACKING_MILLIS);
    if (unmappable != null && unmappable == frame.sequenceNumber()) {
      mapperFailure = roundFailure;
    }
    results.add(result);
    keyframes.add(frame, pose);
    onMapped.accept(
        new MappingResult(frame.sequenceNumber(), SE3.IDENTITY, 0.03, 0.04, MAPPING_MILLIS));
    return result;
  }

  @Override
  public void awaitMapped() {
    if (mapperFailure != null) {
      throw mapperFailure;
    }
  }

  /** The round of one frame fails, which shows when the next frame comes. */
  public void failMappingOf(long sequenceNumber, RuntimeException e) {
    unmappable = sequenceNumber;
    roundFailure = e;
  }

  @Override
  public void othersWait(boolean waiting) {
    othersWaited |= waiting;
  }

  /** Whether a frame had others behind it. */
  public boolean othersWaited() {
    return othersWaited;
  }

  @Override
  public TrackingDetail trackingDetail() {
    return new TrackingDetail(ALIGNMENT_MILLIS, INLIER_SHARE);
  }

  @Override
  public double mappingShare() {
    return MAPPING_SHARE;
  }

  /** Finishing ends in this. */
  void failFinishing(RuntimeException e) {
    finishingFailure = e;
  }

  /** Whether a frame waits for a permit. */
  boolean isWaiting() {
    return permits.hasQueuedThreads();
  }

  @Override
  public void finish() {
    if (finishingFailure != null) {
      throw finishingFailure;
    }
    finished = true;
  }

  @Override
  public Trajectory trajectory() {
    return new Trajectory(results);
  }

  @Override
  public KeyframeStore keyframes() {
    return keyframes;
  }

  @Override
  public Optional<MapSnapshot> map() {
    return Optional.ofNullable(map);
  }

  /** Its keyframes and poses are all it knows; it has no map. */
  @Override
  public CompletableFuture<EngineState> capture(long since) {
    TrackingResult last = results.getLast();
    return CompletableFuture.completedFuture(
        new EngineState(
            new EngineState.Progress(
                results.size(),
                last.sequenceNumber(),
                new TrackerState(
                    last.worldFromCamera(), 0, last.worldFromCamera(), 0, false, SE3.IDENTITY),
                null,
                new MapperState(0, 0, 0, keyframes.size(), Map.of(), Map.of())),
            results.stream().map(r -> new KeptPose(r, -1, r.worldFromCamera())).toList(),
            keyframes.all().stream().map(EngineState.KeptKeyframe::of).toList(),
            List.of(),
            1));
  }

  /** It has no map that could leave memory. */
  @Override
  public void written(long stamp, KeptMap kept) {}

  @Override
  public void restore(EngineState state, LongFunction<RgbdFrame> frames) {
    state.poses().forEach(pose -> results.add(pose.result()));
    state
        .keyframes()
        .forEach(k -> keyframes.add(frames.apply(k.sequenceNumber()), k.worldFromCamera()));
  }

  @Override
  public void close() {
    closed = true;
  }
}
