package io.roomfield.slam.client.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/** Every key of the {@code --json} report with its value and what it means. */
final class SummaryTable {
  private static final String MEANINGS = "summary-keys.properties";

  /** A row: the key's full name such as {@code track_ms.median}. */
  record Row(String key, String value, String meaning) {}

  private SummaryTable() {}

  /**
   * Rows in the report's order, objects and arrays unfolded.
   *
   * @throws IOException if the meanings, a resource, cannot be read
   */
  static List<Row> rows(ObjectNode summary) throws IOException {
    Properties meanings = new Properties();
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(SummaryTable.class.getResourceAsStream(MEANINGS), MEANINGS),
            StandardCharsets.UTF_8)) {
      meanings.load(in);
    }
    List<Row> rows = new ArrayList<>();
    addRows("", summary, meanings, rows);
    return rows;
  }

  private static void addRows(String key, JsonNode node, Properties meanings, List<Row> rows) {
    String prefix = key.isEmpty() ? "" : key + ".";
    if (node.isObject()) {
      node.properties().forEach(e -> addRows(prefix + e.getKey(), e.getValue(), meanings, rows));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        addRows(prefix + i, node.get(i), meanings, rows);
      }
    } else {
      rows.add(new Row(key, text(node), meanings.getProperty(key, "")));
    }
  }

  /** Fractions with four significant digits, everything else as it is; null is "-". */
  private static String text(JsonNode node) {
    if (node.isNull()) {
      return "-";
    }
    if (!node.isFloatingPointNumber() || node.asDouble() == 0) {
      return node.asText();
    }
    int digitsLeftOfPoint = (int) Math.floor(Math.log10(Math.abs(node.asDouble()))) + 1;
    int decimals = Math.clamp(4 - digitsLeftOfPoint, 0, 9);
    return String.format(Locale.ROOT, "%." + decimals + "f", node.asDouble());
  }
}
