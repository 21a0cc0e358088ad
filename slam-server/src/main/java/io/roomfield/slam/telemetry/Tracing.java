package io.roomfield.slam.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.roomfield.slam.config.TracingConfig;
import java.util.concurrent.TimeUnit;

/** Where spans go: to a collector, or nowhere. */
public final class Tracing implements AutoCloseable {
  private static final String SCOPE = "io.roomfield.slam";
  private static final String SERVICE = "roomfield";

  /** For so long spans that wait are sent when this is closed. */
  private static final long FLUSH_SECONDS = 2;

  private final Tracer tracer;
  private final Runnable flush;

  private Tracing(Tracer tracer, Runnable flush) {
    this.tracer = tracer;
    this.flush = flush;
  }

  /** Traces as configured: to a collector as OTLP over HTTP, in batches. */
  public static Tracing to(TracingConfig config) {
    if (config.endpoint().isEmpty()) {
      return new Tracing(none(), () -> {});
    }
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(config.endpoint()).build();
    return to(BatchSpanProcessor.builder(exporter).build(), config.share());
  }

  /**
   * Traces to a processor.
   *
   * @param share of the traces that begin here; those that a caller has begun are as it says
   */
  public static Tracing to(SpanProcessor processor, double share) {
    Resource resource =
        Resource.getDefault()
            .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), SERVICE)));
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share)))
            .addSpanProcessor(processor)
            .build();
    return new Tracing(
        provider.get(SCOPE), () -> provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
  }

  /** A tracer whose spans go nowhere and cost next to nothing. */
  public static Tracer none() {
    return OpenTelemetry.noop().getTracer(SCOPE);
  }

  public Tracer tracer() {
    return tracer;
  }

  /** Sends what waits, and ends. */
  @Override
  public void close() {
    flush.run();
  }
}
