package io.roomfield.slam.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The service's metrics over all sessions: {@code roomfield_*} at {@code /metrics}. */
public final class SlamMetrics {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter dropped;
  private final Map<TrackingStatus, Counter> tracked = new EnumMap<>(TrackingStatus.class);
  private final Counter evicted;
  private final Counter loaded;
  private final Map<LoadShedding, Counter> shed = new EnumMap<>(LoadShedding.class);
  private final Timer tracking;
  private final Timer mapping;

  public SlamMetrics(MeterRegistry registry) {
    this.registry = registry;
    accepted = frames("accepted", "Frames taken into a queue");
    rejected = frames("rejected", "Frames refused");
    dropped = frames("dropped", "Frames accepted, then given up");
    for (TrackingStatus status : TrackingStatus.values()) {
      tracked.put(
          status,
          Counter.builder("roomfield.frames.tracked")
              .description("Frames with a pose, by its status")
              .tag("status", lowerCase(status))
              .register(registry));
    }
    evicted = blocks("evicted", "Blocks of maps that have left memory");
    loaded = blocks("loaded", "Blocks of maps that were read from disk again");
    for (LoadShedding what : LoadShedding.values()) {
      shed.put(
          what,
          Counter.builder("roomfield.shed")
              .description("What sessions left out to keep up, by what it is")
              .tag("what", lowerCase(what))
              .register(registry));
    }
    tracking = timer("tracking", "Time to track a frame");
    mapping = timer("mapping", "Time of a mapping round");
  }

  /** Gauges over the open sessions, and which backend runs. */
  public void observe(SessionRegistry sessions, String backendName, String backendDescription) {
    Gauge.builder("roomfield.sessions", sessions, SessionRegistry::size)
        .description("Open sessions")
        .register(registry);
    gauge("queue.frames", "Frames that wait to be tracked", sessions, SlamSession::queuedFrames);
    Gauge.builder(
            "roomfield.mapping.share",
            sessions,
            open -> open.sum(SlamSession::mappingShare) / Math.max(1, open.size()))
        .description("Share of its time that the mapper may work, mean of all sessions")
        .register(registry);
    gauge("keyframes", "Keyframes in all maps", sessions, s -> s.keyframes().size());
    gauge(
        "map.bytes",
        "Feature grids and decoders of all maps",
        sessions,
        s -> s.map().map(map -> map.field().bytes()).orElse(0L));
    gauge(
        "map.resident.bytes",
        "Feature grids of all maps that are in memory",
        sessions,
        s -> s.map().map(map -> map.field().residentBytes()).orElse(0L));
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

  void frameDropped() {
    dropped.increment();
  }

  void shed(LoadShedding what, long times) {
    shed.get(what).increment((double) times);
  }

  void frameTracked(TrackingResult result) {
    tracked.get(result.status()).increment();
    tracking.record(nanos(result.trackingMillis()), TimeUnit.NANOSECONDS);
  }

  void mapped(MappingResult result) {
    mapping.record(nanos(result.mappingMillis()), TimeUnit.NANOSECONDS);
  }

  void blockLoaded() {
    loaded.increment();
  }

  void blocksEvicted(int count) {
    evicted.increment(count);
  }

  private static int blocks(SlamSession session, FieldLevel level) {
    FeatureGrid grid = session.map().map(map -> map.field().grid(level)).orElse(null);
    return grid == null ? 0 : grid.blockCount();
  }

  private void gauge(
      String name,
      String description,
      SessionRegistry sessions,
      ToDoubleFunction<SlamSession> perSession) {
    Gauge.builder("roomfield." + name, sessions, open -> open.sum(perSession))
        .description(description)
        .register(registry);
  }

  private Counter frames(String name, String description) {
    return Counter.builder("roomfield.frames." + name).description(description).register(registry);
  }

  private Counter blocks(String name, String description) {
    return Counter.builder("roomfield.map.blocks." + name)
        .description(description)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder("roomfield." + name)
        .description(description)
        .publishPercentileHistogram()
        .register(registry);
  }

  private static long nanos(double millis) {
    return Math.round(millis * TimeUnit.MILLISECONDS.toNanos(1));
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
