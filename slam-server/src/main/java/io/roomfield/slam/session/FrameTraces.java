package io.roomfield.slam.session;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.telemetry.LogContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The traces of a session's frames: each has a trace of its own, from coming in to its fate, and in
 * it spans of its stages. Callable from several threads.
 */
final class FrameTraces {
  /** Of so many frames it is known to which trace they belong: their rounds may end late. */
  private static final int KNOWN = 256;

  private final Tracer tracer;
  private final String session;

  private final Map<Long, Span> frames = // guarded by this
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Span> eldest) {
          return size() > KNOWN;
        }
      };

  /**
   * @param session the beginning of its id
   */
  FrameTraces(Tracer tracer, String session) {
    this.tracer = tracer;
    this.session = session;
  }

  /** The frame's span; begun, and linked to the call at hand, where there is none. */
  private synchronized Span frame(long sequenceNumber) {
    return frames.computeIfAbsent(
        sequenceNumber,
        number ->
            tracer
                .spanBuilder("frame")
                .setNoParent()
                .addLink(Span.current().getSpanContext())
                .setAttribute("roomfield.session", session)
                .setAttribute("roomfield.frame", number)
                .startSpan());
  }

  /** Runs a stage inside a span of its own. */
  <T, E extends Exception> T stage(String name, long sequenceNumber, LogContext.Work<T, E> work)
      throws E {
    Context parent = Context.root().with(frame(sequenceNumber));
    Span span = tracer.spanBuilder(name).setParent(parent).startSpan();
    try {
      return LogContext.within(span, work);
    } finally {
      span.end();
    }
  }

  /** A round of mapping has just ended. */
  void mapped(MappingResult result) {
    long endNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    long nanos = Math.round(result.mappingMillis() * TimeUnit.MILLISECONDS.toNanos(1));
    tracer
        .spanBuilder("map")
        .setParent(Context.root().with(frame(result.sequenceNumber())))
        .setStartTimestamp(endNanos - nanos, TimeUnit.NANOSECONDS)
        .startSpan()
        .end(endNanos, TimeUnit.NANOSECONDS);
  }

  /**
   * A frame has its fate.
   *
   * @param fate "TRACKING", "LOST", "dropped" and so on
   */
  void ended(long sequenceNumber, String fate) {
    frame(sequenceNumber).setAttribute("roomfield.fate", fate).end();
  }
}
