package io.roomfield.slam.client.suite;

import io.roomfield.slam.client.replay.SendRate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The results of a suite as a table in Markdown, wide enough in its columns to be read as text. */
public final class SuiteTable {
  private static final String NONE = "-";

  private SuiteTable() {}

  /** Writes the table whole or not at all. */
  public static void write(Path file, SuiteReport report) throws IOException {
    WholeFile.write(file, markdown(report));
  }

  /** The machine, a row for each clip and preset, and a line for each run that failed. */
  public static String markdown(SuiteReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("Machine: %s.".formatted(report.machine()));
    lines.add("");
    lines.addAll(aligned(cells(report.rows())));
    if (!report.failures().isEmpty()) {
      lines.add("");
      for (SuiteResult failed : report.failures()) {
        String reason = failed.failure().lines().findFirst().orElse("");
        lines.add("- failed: %s: %s".formatted(failed.run(), reason));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Heading and rows, without the figures that no row has. */
  private static List<List<String>> cells(List<SuiteRow> rows) {
    List<Figure> figures =
        Figure.ALL.stream()
            .filter(
                figure -> rows.stream().anyMatch(row -> row.figures().containsKey(figure.key())))
            .toList();
    List<List<String>> cells = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("clip", "preset", "frames", "runs"));
    figures.forEach(figure -> heading.add(figure.heading()));
    cells.add(heading);
    for (SuiteRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add("`%s`".formatted(row.clip()));
      line.add(
          "`%s`%s".formatted(row.preset(), row.rate() == SendRate.REALTIME ? " in real time" : ""));
      line.add(Integer.toString(row.frames()));
      line.add(
          row.failedRuns() == 0
              ? Integer.toString(row.runs())
              : "%d of %d".formatted(row.runs(), row.runs() + row.failedRuns()));
      figures.forEach(figure -> line.add(text(figure, row)));
      cells.add(line);
    }
    return cells;
  }

  /** "1.35 (1.21..1.52)"; the mean alone where the runs agree in the digits shown. */
  private static String text(Figure figure, SuiteRow row) {
    Spread spread = row.figures().get(figure.key());
    if (spread == null) {
      return NONE;
    }
    String min = figure.text(spread.min());
    String max = figure.text(spread.max());
    String text = figure.text(spread.mean());
    if (!min.equals(max)) {
      text += " (%s..%s)".formatted(min, max);
    }
    return spread.runs() == row.runs() ? text : text + ", %d runs".formatted(spread.runs());
  }

  private static List<String> aligned(List<List<String>> cells) {
    int columns = cells.getFirst().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(c -> cells.stream().mapToInt(row -> row.get(c).length()).max().orElseThrow())
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      lines.add(
          IntStream.range(0, columns)
              .mapToObj(c -> row.get(c) + " ".repeat(widths[c] - row.get(c).length()))
              .collect(Collectors.joining(" | ", "| ", " |")));
    }
    lines.add(
        1,
        IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("-|-", "|-", "-|")));
    return lines;
  }
}
