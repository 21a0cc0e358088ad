package io.roomfield.slam.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
  @Test
  void aSpansTraceIsShownWhileItIsWorkedIn() {
    try (Tracing tracing = new RecordedSpans().tracing()) {
      Span call = tracing.tracer().spanBuilder("call").setNoParent().startSpan();
      Span frame = tracing.tracer().spanBuilder("frame").setNoParent().startSpan();
      List<String> shown = new ArrayList<>();

      LogContext.within(
          call,
          () -> {
            shown.add(MDC.get(LogContext.TRACE));
            LogContext.within(frame, () -> shown.add(MDC.get(LogContext.TRACE)));
            return shown.add(MDC.get(LogContext.TRACE));
          });

      String callTrace = call.getSpanContext().getTraceId();
      assertThat(shown).containsExactly(callTrace, frame.getSpanContext().getTraceId(), callTrace);
      assertThat(MDC.get(LogContext.TRACE)).isNull();
    }
  }

  @Test
  void anotherThreadGoesOnInTheSpanAndShowsTheSame() throws InterruptedException {
    try (Tracing tracing = new RecordedSpans().tracing()) {
      Span call = tracing.tracer().spanBuilder("call").setNoParent().startSpan();
      List<String> seen = new ArrayList<>();
      MDC.put(LogContext.PRINCIPAL, "alice");

      Thread thread =
          LogContext.within(
              call,
              () ->
                  Thread.ofPlatform()
                      .start(
                          LogContext.carriedOver(
                              () -> {
                                seen.add(MDC.get(LogContext.PRINCIPAL));
                                seen.add(MDC.get(LogContext.TRACE));
                                seen.add(Span.current().getSpanContext().getSpanId());
                              })));
      thread.join();
      MDC.remove(LogContext.PRINCIPAL);

      assertThat(seen)
          .containsExactly(
              "alice", call.getSpanContext().getTraceId(), call.getSpanContext().getSpanId());
    }
  }
}
