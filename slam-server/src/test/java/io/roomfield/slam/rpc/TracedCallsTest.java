package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.roomfield.slam.telemetry.LogContext;
import io.roomfield.slam.telemetry.RecordedSpans;
import io.roomfield.slam.v1.ListSessionsRequest;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60) // a deadlock fails instead of hanging the build
class TracedCallsTest {
  private static final String SERVICE = "io.roomfield.slam.v1.SlamService/";
  private static final Metadata.Key<String> PARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final RecordedSpans spans = new RecordedSpans();
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    server = new RunningServer(Map.of(), spans.tracing());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aCallsSpanBelongsToTheCallersTrace() throws InterruptedException {
    Metadata headers = new Metadata();
    headers.put(PARENT, "00-" + TRACE + "-00f067aa0ba902b7-01");

    var unused =
        server
            .blocking()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .listSessions(ListSessionsRequest.getDefaultInstance());

    SpanData span = spans.next(SERVICE + "ListSessions");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  /** A stream lasts as long as its camera runs, so each frame has a trace of its own. */
  @Test
  void aFramesStagesAreInOneTraceThatKnowsItsStream() throws InterruptedException {
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
    stream.onNext(RunningServer.start(server.openSession()));
    server.engine().permit(1);
    stream.onNext(RunningServer.frame(7));
    assertThat(answers.next().hasAccepted()).isTrue();

    SpanData decode = spans.next("decode");
    SpanData map = spans.next("map"); // the fake engine maps while it tracks
    SpanData track = spans.next("track");
    SpanData frame = spans.next("frame");
    stream.onCompleted();
    SpanData call = spans.next(SERVICE + "StreamFrames");

    assertThat(frame.getAttributes().get(AttributeKey.longKey("roomfield.frame"))).isEqualTo(7);
    assertThat(frame.getAttributes().get(AttributeKey.stringKey("roomfield.fate")))
        .isEqualTo("TRACKING");
    for (SpanData stage : new SpanData[] {decode, track, map}) {
      assertThat(stage.getTraceId()).isEqualTo(frame.getTraceId());
      assertThat(stage.getParentSpanId()).isEqualTo(frame.getSpanId());
    }
    assertThat(frame.getTraceId()).isNotEqualTo(call.getTraceId());
    assertThat(frame.getLinks().getFirst().getSpanContext().getSpanId())
        .isEqualTo(call.getSpanId());
  }

  @Test
  void logLinesOfASessionsThreadShowTheSession() throws InterruptedException {
    BlockingQueue<Map<String, String>> shown = new LinkedBlockingQueue<>();
    AppenderBase<ILoggingEvent> lines =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            shown.add(event.getMDCPropertyMap());
          }
        };
    Logger log = (Logger) LoggerFactory.getLogger("io.roomfield.slam.session.SlamSession");
    lines.setContext(log.getLoggerContext());
    lines.start();
    log.addAppender(lines);
    RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
    StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
    String session = server.openSession();
    stream.onNext(RunningServer.start(session));
    server.engine().failWith(new IllegalStateException("as the test says"));
    server.engine().permit(1);
    stream.onNext(RunningServer.frame(1));

    Map<String, String> line = shown.take();
    log.detachAppender(lines);

    assertThat(line.get(LogContext.SESSION)).isEqualTo(session.substring(0, 6));
  }
}
