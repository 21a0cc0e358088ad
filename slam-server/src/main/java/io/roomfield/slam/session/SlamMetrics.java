package io.roomfield.slam.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.tracking.TrackingDetail;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The service's metrics over all sessions: {@code roomfield_*} at {@code /metrics}. All are there
 * from the start; docs/operations.md lists them.
 */
public final class SlamMetrics {
  /** Bounds of the histograms of times. */
  private static final Duration[] TIMES =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Bounds of the histogram of depth losses, metres. */
  private static final double[] DEPTHS = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

  /** Bounds of the histograms of what lies between 0 and 1. */
  private static final double[] SHARES = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

  /** Bounds of the histogram of sizes, bytes. */
  private static final double[] BYTES = {1e5, 1e6, 1e7, 1e8, 1e9};

  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter rejected;
  private final Map<DropReason, Counter> dropped;
  private final Map<TrackingStatus, Counter> tracked;
  private final Map<LoadShedding, Counter> shed;
  private final Counter blocksEvicted;
  private final Counter blocksLoaded;
  private final Counter loaded;
  private final Counter unloaded;
  private final Counter engineRestarts;
  private final Timer decoding;
  private final Timer preprocessing;
  private final Timer waiting;
  private final Timer alignment;
  private final Timer tracking;
  private final Timer mapping;
  private final Timer commits;
  private final Timer checkpoints;
  private final Timer meshes;
  private final Timer views;
  private final DistributionSummary depthLoss;
  private final DistributionSummary colourLoss;
  private final DistributionSummary inlierShare;
  private final DistributionSummary checkpointBytes;

  public SlamMetrics(MeterRegistry registry) {
    this.registry = registry;
    accepted = counter("frames.accepted", "Frames taken into a queue");
    rejected = counter("frames.rejected", "Frames refused");
    dropped =
        counters(
            DropReason.class, "frames.dropped", "reason", "Frames accepted, then given up, by why");
    tracked =
        counters(
            TrackingStatus.class, "frames.tracked", "status", "Frames with a pose, by its status");
    shed =
        counters(
            LoadShedding.class, "shed", "what", "What sessions left out to keep up, by what it is");
    blocksEvicted = counter("map.blocks.evicted", "Blocks of maps that have left memory");
    blocksLoaded = counter("map.blocks.loaded", "Blocks of maps that were read from disk again");
    loaded = counter("sessions.loaded", "Sessions that came into memory from disk");
    unloaded = counter("sessions.unloaded", "Sessions that left memory");
    engineRestarts = counter("engine.restarts", "Engines that failed and were replaced");
    decoding = timer("decode", "Time to decode and check a frame's images");
    preprocessing = timer("preprocess", "Time to leave out what depth cannot be relied on");
    waiting = timer("queue.wait", "Age of a frame when its tracking begins");
    alignment = timer("alignment", "Time to align a frame with keyframes, part of its tracking");
    tracking = timer("tracking", "Time to track a frame");
    mapping = timer("mapping", "Time of a mapping round");
    commits = timer("commit", "Time of a transaction that writes frames");
    checkpoints = timer("checkpoint", "Time from capturing a map until it is on disk");
    meshes = timer("mesh", "Time to extract a mesh");
    views = timer("view", "Time to render a view");
    depthLoss =
        summary("tracking.depth.loss", "metres", "Mean depth error at tracked poses", DEPTHS);
    colourLoss =
        summary("tracking.colour.loss", null, "Mean colour error at tracked poses", SHARES);
    inlierShare =
        summary(
            "tracking.inlier.share", null, "Share of readings that the map's depth meets", SHARES);
    checkpointBytes = summary("checkpoint.size", "bytes", "Blocks that a checkpoint writes", BYTES);
  }

  /** Gauges over the open sessions, and which backend runs. */
  public void observe(SessionRegistry sessions, String backendName, String backendDescription) {
    gauge("sessions", "Open sessions", sessions, SessionRegistry::size);
    total("queue.frames", "Frames that wait to be tracked", sessions, SlamSession::queuedFrames);
    gauge(
        "queue.age.seconds",
        "Age of the oldest frame that waits to be tracked",
        sessions,
        open -> open.max(SlamSession::oldestQueuedSeconds));
    gauge(
        "mapping.share",
        "Share of its time that the mapper may work, mean of all sessions",
        sessions,
        open -> open.sum(SlamSession::mappingShare) / Math.max(1, open.size()));
    total("keyframes", "Keyframes in all maps", sessions, s -> s.keyframes().size());
    total(
        "map.bytes",
        "Feature grids and decoders of all maps",
        sessions,
        s -> s.map().map(map -> map.field().bytes()).orElse(0L));
    total(
        "map.resident.bytes",
        "Feature grids of all maps that are in memory",
        sessions,
        s -> s.map().map(map -> map.field().residentBytes()).orElse(0L));
    gauge(
        "database.bytes",
        "Files of all sessions, loaded or not",
        sessions,
        SessionRegistry::storedBytes);
    for (FieldLevel level : FieldLevel.values()) {
      Gauge.builder("roomfield.map.blocks", sessions, open -> open.sum(s -> blocks(s, level)))
          .description("Allocated blocks of all maps")
          .tag("level", lowerCase(level))
          .register(registry);
    }
    Gauge.builder("roomfield.backend.info", () -> 1)
        .description("The compute backend that runs")
        .tag("backend", backendName)
        .tag("description", backendDescription)
        .register(registry);
  }

  void frameAccepted() {
    accepted.increment();
  }

  void frameRejected() {
    rejected.increment();
  }

  void frameDropped(DropReason reason) {
    dropped.get(reason).increment();
  }

  void shed(LoadShedding what, long times) {
    shed.get(what).increment((double) times);
  }

  /** Around the decoding of a frame. */
  Timer decoding() {
    return decoding;
  }

  /** Around the preprocessing of a frame's depth. */
  Timer preprocessing() {
    return preprocessing;
  }

  void frameTaken(long waitedNanos) {
    waiting.record(waitedNanos, TimeUnit.NANOSECONDS);
  }

  void frameTracked(TrackingResult result, TrackingDetail detail) {
    tracked.get(result.status()).increment();
    tracking.record(nanos(result.trackingMillis()), TimeUnit.NANOSECONDS);
    if (detail.alignmentMillis() > 0) {
      alignment.record(nanos(detail.alignmentMillis()), TimeUnit.NANOSECONDS);
    }
    record(depthLoss, result.depthLoss());
    record(colourLoss, result.colourLoss());
    record(inlierShare, detail.inlierShare());
  }

  /** NaN is what was not measured. */
  private static void record(DistributionSummary summary, double value) {
    if (!Double.isNaN(value)) {
      summary.record(value);
    }
  }

  void mapped(MappingResult result) {
    mapping.record(nanos(result.mappingMillis()), TimeUnit.NANOSECONDS);
  }

  void blockLoaded() {
    blocksLoaded.increment();
  }

  void blocksEvicted(int count) {
    blocksEvicted.increment(count);
  }

  /** A transaction is on disk. */
  public void committed(long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
  }

  void checkpointed(long nanos, long bytes) {
    checkpoints.record(nanos, TimeUnit.NANOSECONDS);
    checkpointBytes.record((double) bytes);
  }

  void engineRestarted() {
    engineRestarts.increment();
  }

  void sessionLoaded() {
    loaded.increment();
  }

  void sessionUnloaded() {
    unloaded.increment();
  }

  /** Around the extraction of a mesh. */
  public Timer meshes() {
    return meshes;
  }

  /** Around the rendering of a view. */
  public Timer views() {
    return views;
  }

  private static int blocks(SlamSession session, FieldLevel level) {
    FeatureGrid grid = session.map().map(map -> map.field().grid(level)).orElse(null);
    return grid == null ? 0 : grid.blockCount();
  }

  private void total(
      String name,
      String description,
      SessionRegistry sessions,
      ToDoubleFunction<SlamSession> perSession) {
    gauge(name, description, sessions, open -> open.sum(perSession));
  }

  private void gauge(
      String name,
      String description,
      SessionRegistry sessions,
      ToDoubleFunction<SessionRegistry> value) {
    Gauge.builder("roomfield." + name, sessions, value).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder("roomfield." + name).description(description).register(registry);
  }

  private <E extends Enum<E>> Map<E, Counter> counters(
      Class<E> kinds, String name, String tag, String description) {
    Map<E, Counter> counters = new EnumMap<>(kinds);
    for (E kind : kinds.getEnumConstants()) {
      counters.put(
          kind,
          Counter.builder("roomfield." + name)
              .description(description)
              .tag(tag, lowerCase(kind))
              .register(registry));
    }
    return counters;
  }

  private Timer timer(String name, String description) {
    return Timer.builder("roomfield." + name)
        .description(description)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  private DistributionSummary summary(
      String name, String unit, String description, double[] bounds) {
    return DistributionSummary.builder("roomfield." + name)
        .description(description)
        .baseUnit(unit)
        .serviceLevelObjectives(bounds)
        .register(registry);
  }

  private static long nanos(double millis) {
    return Math.round(millis * TimeUnit.MILLISECONDS.toNanos(1));
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
