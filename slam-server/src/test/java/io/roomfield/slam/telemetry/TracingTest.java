package io.roomfield.slam.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.roomfield.slam.config.TracingConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a deadlock fails instead of hanging the build
class TracingTest {
  private record Request(String path, String type, String body) {}

  @Test
  void spansGoToTheCollectorThatIsConfigured() throws IOException, InterruptedException {
    BlockingQueue<Request> received = new LinkedBlockingQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          received.add(
              new Request(
                  exchange.getRequestURI().getPath(),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  // Strings are UTF-8 in protocol buffers as well.
                  new String(
                      exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://localhost:" + collector.getAddress().getPort() + "/v1/traces";

    try (Tracing tracing = Tracing.to(new TracingConfig(endpoint, 1))) {
      tracing.tracer().spanBuilder("a span of mine").startSpan().end();
    } // sends what waits
    Request request = received.take();
    collector.stop(0);

    assertThat(request.path()).isEqualTo("/v1/traces");
    assertThat(request.type()).isEqualTo("application/x-protobuf");
    assertThat(request.body()).contains("a span of mine").contains("roomfield");
  }

  @Test
  void withoutAnEndpointNothingIsRecorded() {
    try (Tracing tracing = Tracing.to(new TracingConfig("", 1))) {
      Span span = tracing.tracer().spanBuilder("nothing").startSpan();
      assertThat(span.isRecording()).isFalse();
      assertThat(span.getSpanContext().isValid()).isFalse();
    }
  }

  @Test
  void shareZeroRecordsNothing() {
    RecordedSpans spans = new RecordedSpans();
    try (Tracing tracing = Tracing.to(SimpleSpanProcessor.create(spans), 0)) {
      assertThat(tracing.tracer().spanBuilder("nothing").startSpan().isRecording()).isFalse();
    }
  }
}
