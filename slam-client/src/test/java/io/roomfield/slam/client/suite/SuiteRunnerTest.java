package io.roomfield.slam.client.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.replay.SendRate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteRunnerTest {
  private static final SuitePlan PLAN =
      new SuitePlan(
          List.of(SuiteFixtures.clip("desk", 10), SuiteFixtures.clip("hall", 30)),
          List.of("default"),
          2,
          SendRate.FASTEST);

  /** Each look at the clock is so much later than the one before: what a replay takes. */
  private static final int SECONDS_PER_LOOK = 20;

  private final List<SuiteRun> replayed = new ArrayList<>();
  private final List<SuiteReport> saved = new ArrayList<>();
  private final StringWriter printed = new StringWriter();
  private long now;

  @Test
  void everyClipIsReplayedWithEverySeedAndSavedEachTime() throws IOException, InterruptedException {
    SuiteReport report = runner(this::replay).run(PLAN, empty());
    assertThat(replayed)
        .containsExactly(
            new SuiteRun("desk", "default", 1, 10, SendRate.FASTEST),
            new SuiteRun("hall", "default", 1, 30, SendRate.FASTEST),
            new SuiteRun("desk", "default", 2, 10, SendRate.FASTEST),
            new SuiteRun("hall", "default", 2, 30, SendRate.FASTEST));
    assertThat(saved).extracting(s -> s.runs().size()).containsExactly(1, 2, 3, 4);
    assertThat(saved.getLast()).isEqualTo(report);
  }

  @Test
  void tellsWhichRunItsFiguresAndTheTimeLeft() throws IOException, InterruptedException {
    runner(this::replay).run(PLAN, empty());
    assertThat(printed.toString())
        .contains("run 2 of 4: hall, default, seed 1, 30 frames")
        .contains("ATE RMSE 1.00 cm, ")
        .contains("uncertain 1, lost 0, ")
        // 40 frames took 40 s, 40 are left
        .contains("about 40 s left");
  }

  @Test
  void aRunThatFailsIsRecordedAndTheNextFollows() throws IOException, InterruptedException {
    SuiteReport report =
        runner(
                (clip, run) -> {
                  if (run.clip().equals("desk")) {
                    throw new IOException("the server ended\nits log");
                  }
                  return replay(clip, run);
                })
            .run(PLAN, empty());
    assertThat(report.runs()).hasSize(4);
    assertThat(report.failures())
        .extracting(SuiteResult::failure)
        .containsExactly("the server ended\nits log", "the server ended\nits log");
    assertThat(printed.toString())
        .contains("failed: the server ended")
        .contains("time left not known yet");
  }

  @Test
  void aBugIsNoFailedRun() {
    assertThatThrownBy(
            () ->
                runner(
                        (clip, run) -> {
                          throw new IllegalStateException("a bug");
                        })
                    .run(PLAN, empty()))
        .hasMessage("a bug");
  }

  @Test
  void whatIsHeldIsNotRunAgain() throws IOException, InterruptedException {
    SuiteRun held = new SuiteRun("hall", "default", 1, 30, SendRate.FASTEST);
    SuiteReport report =
        runner(this::replay)
            .run(PLAN, empty().with(SuiteResult.of(held, SuiteFixtures.report(held, 7.0))));
    assertThat(replayed).hasSize(3).doesNotContain(held);
    assertThat(report.runs().getFirst().report().ateRmseCm()).isEqualTo(7);
    assertThat(printed.toString()).contains("1 of 4 runs are there already").contains("run 3 of 3");
  }

  @Test
  void otherFramesAreAnotherRun() throws IOException, InterruptedException {
    SuiteRun shorter = new SuiteRun("hall", "default", 1, 29, SendRate.FASTEST);
    SuiteReport held = empty().with(SuiteResult.of(shorter, SuiteFixtures.report(shorter, 7.0)));
    assertThat(runner(this::replay).run(PLAN, held).runs()).hasSize(5);
  }

  @Test
  void aPlanNeedsSomethingToDo() {
    assertThatThrownBy(() -> new SuitePlan(PLAN.clips(), PLAN.presets(), 0, SendRate.FASTEST))
        .hasMessage("seeds: 0 (expected: > 0)");
    assertThatThrownBy(() -> new SuitePlan(PLAN.clips(), List.of(), 1, SendRate.FASTEST))
        .hasMessageContaining("0 presets");
  }

  @Test
  void timeLeftIsToldInItsLargestUnits() {
    RemainingTime remaining = new RemainingTime();
    remaining.ran(PLAN.steps().getFirst().run(), Duration.ofSeconds(10));
    assertThat(remaining.text(59)).isEqualTo("about 59 s left");
    assertThat(remaining.text(119)).isEqualTo("about 1 min left");
    assertThat(remaining.text(3900)).isEqualTo("about 1 h 5 min left");
  }

  private SuiteRunner runner(SuiteRunner.Replayer replayer) {
    return new SuiteRunner(
        replayer,
        saved::add,
        new PrintWriter(printed),
        () -> Instant.ofEpochSecond(now += SECONDS_PER_LOOK));
  }

  private ReplayReport replay(RgbdDataset clip, SuiteRun run) {
    assertThat(clip.name()).isEqualTo(run.clip());
    replayed.add(run);
    return SuiteFixtures.report(run, (double) run.seed());
  }

  private static SuiteReport empty() {
    return SuiteReport.empty(SuiteFixtures.MACHINE);
  }
}
