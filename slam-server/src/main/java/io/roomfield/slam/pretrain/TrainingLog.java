package io.roomfield.slam.pretrain;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A training's progress: lines for people, and every figure as a row of {@code curves.csv}. */
final class TrainingLog implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintWriter out;
  private final PrintWriter curves;
  private final long start = System.nanoTime();
  private String stage = "";

  TrainingLog(PrintWriter out, Path directory) {
    this.out = out;
    try {
      Files.createDirectories(directory);
      curves = new PrintWriter(Files.newBufferedWriter(directory.resolve("curves.csv")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    curves.println("seconds,stage,kind,step,name,value");
  }

  /** From now on, lines belong to this stage of the training. */
  void stage(String name) {
    stage = name;
    say(name);
  }

  void training(int step, int steps, Map<String, Double> losses) {
    write("training", step, steps, losses);
  }

  void validation(int step, int steps, Training.Validation validation) {
    write("validation", step, steps, validation.figures());
    say("  score %.4f".formatted(validation.score()));
  }

  /** Hours since the beginning. */
  double hours() {
    return seconds() / 3600;
  }

  void say(String line) {
    out.println("%7.0f s  %s".formatted(seconds(), line));
    out.flush();
  }

  private void write(String kind, int step, int steps, Map<String, Double> figures) {
    figures.forEach(
        (name, value) ->
            curves.println(
                String.format(
                    Locale.ROOT,
                    "%.1f,%s,%s,%d,%s,%s",
                    seconds(),
                    stage,
                    kind,
                    step,
                    name,
                    value)));
    curves.flush();
    String text =
        figures.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    say("%s %s %d/%d: %s".formatted(stage, kind, step, steps, text));
  }

  private double seconds() {
    return (System.nanoTime() - start) / NANOS_PER_SECOND;
  }

  @Override
  public void close() {
    curves.close();
  }
}
