package io.roomfield.slam.client.suite;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The results of a suite, as {@code --json} writes them: the machine, the spread over the seeds
 * ({@code rows}), and every run with its whole report.
 */
@JsonIgnoreProperties(value = "rows", allowGetters = true)
public record SuiteReport(Machine machine, List<SuiteResult> runs) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public SuiteReport {
    runs = List.copyOf(runs);
  }

  /** Nothing yet. */
  public static SuiteReport empty(Machine machine) {
    return new SuiteReport(machine, List.of());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file cannot be read or is something else
   */
  public static SuiteReport read(Path file) throws IOException {
    try {
      return JSON.readValue(file.toFile(), SuiteReport.class);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: %s (expected: the figures of a suite, as this version writes them)"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /** Writes the results whole or not at all. */
  public void write(Path file) throws IOException {
    WholeFile.write(file, JSON.writeValueAsString(this));
  }

  /** What need not be run again on a machine: of another build or machine nothing, no failures. */
  public SuiteReport keptFor(Machine now) {
    return new SuiteReport(
        now,
        now.repeats(machine)
            ? runs.stream().filter(result -> !result.hasFailed()).toList()
            : List.of());
  }

  /** The spread over the seeds of each clip and preset. */
  @JsonProperty("rows")
  public List<SuiteRow> rows() {
    return SuiteRow.of(runs);
  }

  /** The runs without a report. */
  public List<SuiteResult> failures() {
    return runs.stream().filter(SuiteResult::hasFailed).toList();
  }

  boolean holds(SuiteRun run) {
    return runs.stream().anyMatch(result -> result.run().equals(run));
  }

  SuiteReport with(SuiteResult result) {
    return new SuiteReport(machine, Stream.concat(runs.stream(), Stream.of(result)).toList());
  }
}
