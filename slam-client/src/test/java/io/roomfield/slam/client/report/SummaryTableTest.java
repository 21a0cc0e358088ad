package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roomfield.slam.client.report.SummaryTable.Row;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
  @Test
  void everyKeyIsARowInOrder() throws IOException {
    ObjectNode summary =
        (ObjectNode)
            new ObjectMapper()
                .readTree(
                    """
                    {"frames": 100, "mesh": {"vertices": 123456, "f1_pct": 91.23456},
                     "ate_max_cm": null, "list": ["a", 0.0], "small": 0.000123456, "big": 1234567.8}
                    """);
    List<Row> rows = SummaryTable.rows(summary);
    assertThat(rows)
        .extracting(Row::key)
        .containsExactly(
            "frames",
            "mesh.vertices",
            "mesh.f1_pct",
            "ate_max_cm",
            "list.0",
            "list.1",
            "small",
            "big");
    assertThat(rows)
        .extracting(Row::value)
        .containsExactly("100", "123456", "91.23", "-", "a", "0.0", "0.0001235", "1234568");
    assertThat(rows.getFirst().meaning()).isEqualTo("frames that the server tracked");
    assertThat(rows.getLast().meaning()).isEmpty();
  }
}
