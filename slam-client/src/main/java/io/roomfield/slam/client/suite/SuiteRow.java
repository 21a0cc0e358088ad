package io.roomfield.slam.client.suite;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.roomfield.slam.client.replay.SendRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A clip with a preset: the spread over its seeds.
 *
 * @param runs that went through
 * @param failedRuns that did not
 * @param figures by the keys of the replay's report; without those that no run has
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SuiteRow(
    String clip,
    String preset,
    int frames,
    SendRate rate,
    int runs,
    int failedRuns,
    Map<String, Spread> figures) {
  private record Group(String clip, String preset, int frames, SendRate rate) {}

  /** One for each clip, preset, number of frames and rate, in the order of the clips' names. */
  static List<SuiteRow> of(List<SuiteResult> results) {
    Map<Group, List<SuiteResult>> groups = new LinkedHashMap<>();
    for (SuiteResult result : results) {
      SuiteRun run = result.run();
      groups
          .computeIfAbsent(
              new Group(run.clip(), run.preset(), run.frames(), run.rate()), g -> new ArrayList<>())
          .add(result);
    }
    return groups.entrySet().stream()
        .map(group -> of(group.getKey(), group.getValue()))
        .sorted(Comparator.comparing(SuiteRow::clip))
        .toList();
  }

  private static SuiteRow of(Group group, List<SuiteResult> results) {
    List<SuiteResult> reports = results.stream().filter(r -> !r.hasFailed()).toList();
    Map<String, Spread> figures = new LinkedHashMap<>();
    for (Figure figure : Figure.ALL) {
      List<Double> values =
          reports.stream()
              .map(result -> figure.value().apply(result.report()))
              .filter(Objects::nonNull)
              .toList();
      Spread.of(values).ifPresent(spread -> figures.put(figure.key(), spread));
    }
    return new SuiteRow(
        group.clip(),
        group.preset(),
        group.frames(),
        group.rate(),
        reports.size(),
        results.size() - reports.size(),
        figures);
  }
}
