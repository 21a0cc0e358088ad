package io.roomfield.slam.pretrain;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A training's progress: lines for people, a few seconds apart, with the time that has passed and
 * that a stage will still take; and every figure as a row of a CSV file.
 */
final class TrainingLog implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int SECONDS_PER_HOUR = 3600;
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintWriter out;
  private final Path file;
  private final PrintWriter curves;
  private final List<CurvePoint> points = new ArrayList<>();
  private final LongSupplier nanos;
  private final long start;
  private String stage = "";
  private double stageStart;
  private double lastLine = Double.NEGATIVE_INFINITY;

  /**
   * @param out for the lines
   * @param file for the figures
   */
  TrainingLog(PrintWriter out, Path file) throws IOException {
    this(out, file, System::nanoTime);
  }

  TrainingLog(PrintWriter out, Path file, LongSupplier nanos) throws IOException {
    this.out = out;
    this.file = file;
    this.nanos = nanos;
    start = nanos.getAsLong();
    curves = new PrintWriter(Files.newBufferedWriter(file));
    curves.println(CurvePoint.CSV_HEADER);
  }

  /** From now on, lines belong to this stage of the training. */
  void stage(String name) {
    stage = name;
    stageStart = seconds();
    say(name);
  }

  /** Mean losses of the steps since the last call; a line if the last one is long enough ago. */
  void training(int step, int steps, Map<String, Double> losses) {
    add(CurvePoint.Kind.TRAINING, step, losses);
    if (seconds() - lastLine >= SECONDS_BETWEEN_LINES) {
      say(progress(step, steps) + ": " + text(losses));
    }
  }

  /** What a validation said; always a line. */
  void validation(int step, int steps, Training.Validation validation) {
    add(CurvePoint.Kind.VALIDATION, step, validation.figures());
    add(CurvePoint.Kind.VALIDATION, step, Map.of("score", validation.score()));
    say(
        String.format(
            Locale.ROOT,
            "%s, validation: score %.4f, %s",
            progress(step, steps),
            validation.score(),
            text(validation.figures())));
  }

  void say(String line) {
    lastLine = seconds();
    out.println("%8s  %s".formatted(clock(lastLine), line));
    out.flush();
  }

  /** Hours since the beginning. */
  double hours() {
    return seconds() / SECONDS_PER_HOUR;
  }

  /** All figures so far, in the order in which they came. */
  List<CurvePoint> points() {
    return Collections.unmodifiableList(points);
  }

  /** Figures as people read them: "name 0.1234, ...". */
  static String text(Map<String, Double> figures) {
    return figures.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private void add(CurvePoint.Kind kind, int step, Map<String, Double> figures) {
    double now = seconds();
    figures.forEach(
        (name, value) -> {
          CurvePoint point = new CurvePoint(now, stage, kind, step, name, value);
          points.add(point);
          curves.println(point.csv());
        });
    curves.flush();
  }

  private String progress(int step, int steps) {
    double left = (seconds() - stageStart) * (steps - step) / step;
    return "%s %d/%d, %s left".formatted(stage, step, steps, clock(left));
  }

  private double seconds() {
    return (nanos.getAsLong() - start) / NANOS_PER_SECOND;
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return "%d:%02d:%02d"
        .formatted(
            whole / SECONDS_PER_HOUR,
            whole / SECONDS_PER_MINUTE % SECONDS_PER_MINUTE,
            whole % SECONDS_PER_MINUTE);
  }

  /**
   * @throws IOException if not every row could be written
   */
  @Override
  public void close() throws IOException {
    curves.close();
    if (curves.checkError()) {
      throw new IOException(file + ": not every row could be written (expected: room on the disk)");
    }
  }
}
