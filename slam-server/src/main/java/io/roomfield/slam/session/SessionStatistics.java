package io.roomfield.slam.session;

import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.StoredSession;
import io.roomfield.slam.tracking.TrackingDetail;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Counters, timings and last losses of one session, passed on to the service's metrics. Callable
 * from several threads.
 */
public final class SessionStatistics {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double MEDIAN_PERCENT = 50;
  private static final double P95_PERCENT = 95;
  private static final double MICROS_PER_MILLI = TimeUnit.MILLISECONDS.toMicros(1);

  /** Durations in milliseconds over the whole session. */
  public record Timing(double median, double p95, long count) {}

  private final SlamMetrics metrics;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong tracked = new AtomicLong();
  private final AtomicLong uncertain = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final Histogram trackingMicros = new SynchronizedHistogram(SIGNIFICANT_DIGITS);
  private final Histogram mappingMicros = new SynchronizedHistogram(SIGNIFICANT_DIGITS);
  private final Map<LoadShedding, AtomicLong> shed = new EnumMap<>(LoadShedding.class);
  private volatile TrackingResult lastTracked;
  private volatile MappingResult lastMapped;

  SessionStatistics(SlamMetrics metrics) {
    this.metrics = metrics;
    for (LoadShedding what : LoadShedding.values()) {
      shed.put(what, new AtomicLong());
    }
  }

  SlamMetrics metrics() {
    return metrics;
  }

  /** Goes on counting from what is kept; frames that will be tracked again do not count yet. */
  void restore(StoredSession stored) {
    accepted.set(stored.frames().size());
    for (FrameRow frame : stored.frames()) {
      boolean covered = stored.checkpoint().filter(state -> state.covers(frame)).isPresent();
      if (frame.status().equals(FrameRow.DROPPED)) {
        dropped.incrementAndGet();
      } else if (covered && !frame.status().equals(FrameRow.ACCEPTED)) {
        count(TrackingStatus.valueOf(frame.status()));
      }
    }
  }

  private void count(TrackingStatus status) {
    tracked.incrementAndGet();
    switch (status) {
      case TRACKING -> {}
      case UNCERTAIN -> uncertain.incrementAndGet();
      case LOST -> lost.incrementAndGet();
    }
  }

  void frameAccepted() {
    accepted.incrementAndGet();
    metrics.frameAccepted();
  }

  void frameRejected() {
    rejected.incrementAndGet();
    metrics.frameRejected();
  }

  void frameDropped(DropReason reason) {
    dropped.incrementAndGet();
    metrics.frameDropped(reason);
  }

  void frameTracked(TrackingResult result, TrackingDetail detail) {
    count(result.status());
    trackingMicros.recordValue(Math.round(result.trackingMillis() * MICROS_PER_MILLI));
    lastTracked = result;
    metrics.frameTracked(result, detail);
  }

  void mapped(MappingResult result) {
    mappingMicros.recordValue(Math.round(result.mappingMillis() * MICROS_PER_MILLI));
    lastMapped = result;
    metrics.mapped(result);
  }

  void shed(LoadShedding what, long times) {
    shed.get(what).addAndGet(times);
    metrics.shed(what, times);
  }

  /** How often something was left out to keep up, since the session is in memory. */
  public long shed(LoadShedding what) {
    return shed.get(what).get();
  }

  public long accepted() {
    return accepted.get();
  }

  public long rejected() {
    return rejected.get();
  }

  public long dropped() {
    return dropped.get();
  }

  /** Frames that have a pose, whatever its status. */
  public long tracked() {
    return tracked.get();
  }

  public long uncertain() {
    return uncertain.get();
  }

  public long lost() {
    return lost.get();
  }

  public Timing tracking() {
    return timing(trackingMicros);
  }

  /** Per mapping round; its count is the number of rounds. */
  public Timing mapping() {
    return timing(mappingMicros);
  }

  public Optional<TrackingResult> lastTracked() {
    return Optional.ofNullable(lastTracked);
  }

  public Optional<MappingResult> lastMapped() {
    return Optional.ofNullable(lastMapped);
  }

  private static Timing timing(Histogram micros) {
    return new Timing(
        micros.getValueAtPercentile(MEDIAN_PERCENT) / MICROS_PER_MILLI,
        micros.getValueAtPercentile(P95_PERCENT) / MICROS_PER_MILLI,
        micros.getTotalCount());
  }
}
