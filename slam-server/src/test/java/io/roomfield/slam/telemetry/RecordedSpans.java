package io.roomfield.slam.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Takes spans as they end, to be waited for. */
public final class RecordedSpans implements SpanExporter {
  private final BlockingQueue<SpanData> ended = new LinkedBlockingQueue<>();

  /** Traces everything to this. */
  public Tracing tracing() {
    return Tracing.to(SimpleSpanProcessor.create(this), 1);
  }

  /** Waits for the next span of a name; those before it are forgotten. */
  public SpanData next(String name) throws InterruptedException {
    SpanData span = ended.take();
    while (!span.getName().equals(name)) {
      span = ended.take();
    }
    return span;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    ended.addAll(spans);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
