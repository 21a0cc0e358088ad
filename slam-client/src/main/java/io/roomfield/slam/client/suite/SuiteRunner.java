package io.roomfield.slam.client.suite;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ReplayReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Runs a plan, one replay after the other, and keeps what there is after each. A run that fails is
 * recorded with its reason, and the next one follows.
 */
public final class SuiteRunner {
  /** One replay with its evaluation. */
  public interface Replayer {
    /**
     * Replays a clip.
     *
     * @throws IOException if the server or an image fails
     * @throws SlamClientException if the server refuses
     */
    ReplayReport replay(RgbdDataset clip, SuiteRun run) throws IOException, InterruptedException;
  }

  /** Where results go. */
  public interface Store {
    /** Takes all results so far. */
    void save(SuiteReport report) throws IOException;
  }

  private final Replayer replayer;
  private final Store store;
  private final PrintWriter out;
  private final InstantSource clock;

  public SuiteRunner(Replayer replayer, Store store, PrintWriter out, InstantSource clock) {
    this.replayer = replayer;
    this.store = store;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Runs what the plan wants and the report does not hold yet.
   *
   * @return the report with the new results
   * @throws IOException if the results cannot be saved
   */
  public SuiteReport run(SuitePlan plan, SuiteReport held)
      throws IOException, InterruptedException {
    List<SuitePlan.Step> all = plan.steps();
    List<SuitePlan.Step> steps = all.stream().filter(step -> !held.holds(step.run())).toList();
    if (steps.size() < all.size()) {
      tell("%d of %d runs are there already".formatted(all.size() - steps.size(), all.size()));
    }
    SuiteReport report = held;
    RemainingTime remaining = new RemainingTime();
    for (int i = 0; i < steps.size(); i++) {
      SuitePlan.Step step = steps.get(i);
      tell("run %d of %d: %s".formatted(i + 1, steps.size(), step.run()));
      Instant start = clock.instant();
      SuiteResult result = replay(step);
      if (!result.hasFailed()) {
        remaining.ran(step.run(), Duration.between(start, clock.instant()));
      }
      report = report.with(result);
      store.save(report);
      tell("%s; %s".formatted(text(result), remaining.text(frames(steps, i + 1))));
    }
    return report;
  }

  private SuiteResult replay(SuitePlan.Step step) throws InterruptedException {
    try {
      return SuiteResult.of(step.run(), replayer.replay(step.clip(), step.run()));
    } catch (IOException | SlamClientException | IllegalArgumentException e) {
      return SuiteResult.failed(
          step.run(), Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  private static long frames(List<SuitePlan.Step> steps, int from) {
    return steps.subList(from, steps.size()).stream().mapToLong(s -> s.run().frames()).sum();
  }

  private static String text(SuiteResult result) {
    if (result.hasFailed()) {
      return "failed: " + result.failure();
    }
    return Figure.ALL.stream()
        .filter(figure -> figure.value().apply(result.report()) != null)
        .map(
            figure ->
                "%s %s %s"
                    .formatted(
                        figure.name(),
                        figure.text(figure.value().apply(result.report())),
                        figure.unit())
                    .strip())
        .collect(Collectors.joining(", "));
  }

  private void tell(String sentence) {
    out.println(sentence);
    out.flush();
  }
}
