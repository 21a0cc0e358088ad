package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Channel;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.Role;
import io.roomfield.slam.v1.ShareSessionRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AuditTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("audit");
  private final RecordedLines lines = new RecordedLines();

  /** What was logged, to be waited for: an answer may arrive before its line is written. */
  private static final class RecordedLines extends AppenderBase<ILoggingEvent> {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
    }
  }

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void tellsWhoDidWhatToWhichSessionAndNoSecrets(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("tokens.json");
    String token = new TokenFile(file).create("al\"ice", Optional.empty());
    try (RunningServer server =
        new RunningServer(Map.of("security", Map.of("tokens", file.toString())))) {
      Channel channel = SecuredCalls.withToken(server.channel(), token);
      var alice = SlamServiceGrpc.newBlockingStub(channel);

      String id = alice.createSession(RunningServer.sessionRequest().build()).getSessionId();
      assertLine("CreateSession", "al\"ice", id, "OK");

      var shared =
          alice.shareSession(
              ShareSessionRequest.newBuilder()
                  .setSessionId(id)
                  .setPrincipal("bob")
                  .setRole(Role.ROLE_WRITER)
                  .build());
      assertThat(shared.getGrantsCount()).isEqualTo(1);
      assertThat(assertLine("ShareSession", "al\"ice", id, "OK").get("detail").asText())
          .isEqualTo("bob: writer");

      var info = alice.getServerInfo(GetServerInfoRequest.getDefaultInstance()); // not audited
      assertThat(info.getSessions()).isEqualTo(1);
      assertThat(
              catchThrowable(
                  () ->
                      server
                          .blocking()
                          .closeSession(CloseSessionRequest.newBuilder().setSessionId(id).build())))
          .isNotNull();
      JsonNode refused = next();
      assertThat(refused.get("action").asText()).isEqualTo("CloseSession");
      assertThat(refused.get("result").asText()).isEqualTo("UNAUTHENTICATED");
      assertThat(refused.has("principal")).isFalse();
      assertThat(refused.toString()).doesNotContain(token).doesNotContain(id);
    }
  }

  private JsonNode assertLine(String action, String principal, String id, String result)
      throws IOException, InterruptedException {
    JsonNode line = next();
    assertThat(line.get("action").asText()).isEqualTo(action);
    assertThat(line.get("principal").asText()).isEqualTo(principal);
    assertThat(line.get("session").asText()).isEqualTo(id.substring(0, 6));
    assertThat(line.get("peer").asText()).contains("127.0.0.1");
    assertThat(line.get("result").asText()).isEqualTo(result);
    assertThat(line.toString()).doesNotContain(id);
    return line;
  }

  private JsonNode next() throws IOException, InterruptedException {
    return new ObjectMapper().readTree(lines.lines.take());
  }
}
