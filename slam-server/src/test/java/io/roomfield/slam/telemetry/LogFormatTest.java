package io.roomfield.slam.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;

/** Lines as they come out, of loggers of the test's own. */
@Isolated // standard error is everybody's
class LogFormatTest {
  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter shown = new LogbackMDCAdapter();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream standardError = System.err;

  @BeforeEach
  void capture() {
    context.setMDCAdapter(shown);
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(standardError);
    context.stop();
  }

  private String line(String message) {
    Logger log = context.getLogger("io.roomfield.slam.session.SlamSession");
    log.info("{}", message);
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void jsonLinesSayWhoAndWhatTheyAreAbout() throws Exception {
    LogFormat.configure(context);
    shown.put(LogContext.SESSION, "Xb3kQ9");
    shown.put(LogContext.PRINCIPAL, "alice");
    shown.put(LogContext.TRACE, "4bf92f3577b34da6a3ce929d0e0e4736");

    String line = line("two\nlines and a \"quote\"");

    assertThat(line.strip()).doesNotContain("\n");
    JsonNode json = JsonMapper.builder().build().readTree(line);
    assertThat(json.get("formattedMessage").asText()).isEqualTo("two\nlines and a \"quote\"");
    assertThat(json.get("level").asText()).isEqualTo("INFO");
    assertThat(json.get("timestamp").isNumber()).isTrue();
    assertThat(json.get("mdc").get("session").asText()).isEqualTo("Xb3kQ9");
    assertThat(json.get("mdc").get("principal").asText()).isEqualTo("alice");
    assertThat(json.get("mdc").get("trace").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @Test
  void textLinesShowTheSessionWhereThereIsOne() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogFormat.class.getResource("/logback.xml"));

    assertThat(line("plain")).contains("INFO  SlamSession: plain");
    shown.put(LogContext.SESSION, "Xb3kQ9");
    assertThat(line("of a session")).contains("INFO  SlamSession [Xb3kQ9]: of a session");
    shown.put(LogContext.TRACE, "4bf92f35");
    assertThat(line("traced")).contains("SlamSession [Xb3kQ9] trace=4bf92f35: traced");
  }
}
