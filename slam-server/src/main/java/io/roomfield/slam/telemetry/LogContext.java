package io.roomfield.slam.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Map;
import org.slf4j.MDC;

/** Keys of the MDC: what a log line says of who and what it is about. */
public final class LogContext {
  /** The beginning of a session's id. */
  public static final String SESSION = "session";

  /** Who has made the call. */
  public static final String PRINCIPAL = "principal";

  /** Trace id of the span that is current; without one if tracing is off. */
  public static final String TRACE = "trace";

  /**
   * Something to do.
   *
   * @param <E> what it may end in
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  private LogContext() {}

  /** Does something in a span: it is the current one, and log lines show its trace. */
  public static <T, E extends Exception> T within(Span span, Work<T, E> work) throws E {
    String before = MDC.get(TRACE);
    if (span.getSpanContext().isValid()) {
      MDC.put(TRACE, span.getSpanContext().getTraceId());
    }
    try (Scope _ = span.makeCurrent()) {
      return work.run();
    } finally {
      put(TRACE, before);
    }
  }

  /** Shows a value under a key; none where it is null or empty. */
  public static void put(String key, String value) {
    if (value == null || value.isEmpty()) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }

  /** Work for another thread, whose log lines and spans belong to what this thread does. */
  public static Runnable carriedOver(Runnable work) {
    Map<String, String> shown = MDC.getCopyOfContextMap();
    Runnable traced = Context.current().wrap(work);
    return () -> {
      if (shown != null) {
        MDC.setContextMap(shown);
      }
      traced.run();
    };
  }
}
