package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.v1.ListSessionsRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics in docs/operations.md against those of a server that has been called. */
class MetricsTableTest {
  private static final Path DOCS =
      Path.of(System.getProperty("roomfield.root"), "docs", "operations.md");

  /** A row of the table: the name, then the type. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(roomfield_\\w+)[^`]*` \\| (\\w+)");

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (roomfield_\\w+) (\\w+)");

  /** A histogram's largest value of late is a gauge of its own. */
  private static final String LARGEST = "_max";

  @Test
  void everyMetricIsInTheTableAndEveryRowIsAMetric() throws IOException, InterruptedException {
    try (RunningServer server = new RunningServer(Map.of());
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var unused = server.blocking().listSessions(ListSessionsRequest.getDefaultInstance());
      URI page = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      String metrics =
          client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();

      Map<String, String> served = table(TYPE, metrics);
      List<String> ownGauges =
          served.keySet().stream()
              .filter(name -> name.endsWith(LARGEST))
              .filter(name -> served.containsKey(name.replaceAll(LARGEST + "$", "")))
              .toList();
      ownGauges.forEach(served::remove);

      assertThat(table(ROW, Files.readString(DOCS))).isEqualTo(served);
    }
  }

  private static Map<String, String> table(Pattern row, String text) {
    return row.matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                found -> found.group(1),
                (MatchResult found) -> found.group(2),
                (a, b) -> a,
                TreeMap::new));
  }
}
