package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.Replay;
import io.roomfield.slam.client.replay.ReplayEvaluation;
import io.roomfield.slam.client.replay.ReplayProgress;
import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.replay.ReplayResult;
import io.roomfield.slam.client.replay.SendRate;
import io.roomfield.slam.client.suite.Machine;
import io.roomfield.slam.client.suite.SuiteFolder;
import io.roomfield.slam.client.suite.SuitePlan;
import io.roomfield.slam.client.suite.SuiteReport;
import io.roomfield.slam.client.suite.SuiteRun;
import io.roomfield.slam.client.suite.SuiteRunner;
import io.roomfield.slam.client.suite.SuiteTable;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code evaluate}: a folder of clips with every preset and seed. Each run has a server of its own:
 * the peak of a process's memory covers its whole life, so a shared server would hand one clip's
 * peak to the next, and its warm code would make later runs faster than {@code replay} is.
 */
@Command(
    name = "evaluate",
    description = "Replay every clip of a folder with every preset and seed; one table of figures.",
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {
  private static final int EXIT_OK = 0;
  private static final int EXIT_RUN_FAILED = 1;
  private static final int EXIT_FRAMES_LOST = 3;

  @Spec private CommandSpec spec;
  @Mixin private BackendOptions backend;

  @Option(
      names = "--suite",
      required = true,
      paramLabel = "DIR",
      description = "Folder of clips, each a folder in TUM, ScanNet or Replica layout.")
  private Path suite;

  @Option(
      names = "--json",
      required = true,
      paramLabel = "FILE",
      description = "Write every run's figures as JSON, anew after each run.")
  private Path json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the table as Markdown, anew after each run.")
  private Path markdown;

  @Option(
      names = "--presets",
      split = ",",
      paramLabel = "P",
      description = "Presets of the server (default: default).")
  private List<String> presets = List.of("default");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each clip and preset, with seeds 1 to N (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--clips",
      split = ",",
      paramLabel = "NAME",
      description = "Only these clips (default: all).")
  private List<String> clips = List.of();

  @Option(
      names = "--max-frames",
      paramLabel = "N",
      description = "At most so many frames of each clip.")
  private int maxFrames = Integer.MAX_VALUE;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "fastest, or realtime: by the sensor's clock, leaving out what the server has no room for (default: fastest).")
  private SendRate rate = SendRate.FASTEST;

  @Option(
      names = "--resume",
      description =
          "Keep the runs that the JSON file holds of this machine, commit and backend; run what is missing or failed.")
  private boolean resume;

  @Option(
      names = "--fail-on-lost",
      description = "Exit code 3 if a frame of any run was lost, dropped or refused.")
  private boolean failOnLost;

  @Override
  public Integer call() throws Exception {
    SuitePlan plan =
        new SuitePlan(SuiteFolder.clips(suite, clips, maxFrames), presets, seeds, rate);
    SuiteReport report =
        new SuiteRunner(this::replay, this::save, out(), InstantSource.system())
            .run(plan, held(machine()));
    save(report);
    out().println();
    out().print(SuiteTable.markdown(report));
    out().flush();
    return exitCode(report);
  }

  private int exitCode(SuiteReport report) {
    if (!report.failures().isEmpty()) {
      return EXIT_RUN_FAILED;
    }
    boolean lost = report.runs().stream().anyMatch(r -> r.report().framesWithoutPose() > 0);
    return failOnLost && lost ? EXIT_FRAMES_LOST : EXIT_OK;
  }

  /** Asks a server what it computes with, and whether it has the presets. */
  private Machine machine() throws IOException, InterruptedException {
    ServerInfo info = onOwnServer(SlamClient::serverInfo);
    for (String preset : presets) {
      if (!info.getPresetsList().contains(preset)) {
        throw new IllegalArgumentException(
            "--presets: %s (expected: some of %s)"
                .formatted(preset, String.join(", ", info.getPresetsList())));
      }
    }
    return Machine.of(info);
  }

  private SuiteReport held(Machine machine) throws IOException {
    if (!resume || !Files.exists(json)) {
      return SuiteReport.empty(machine);
    }
    SuiteReport written = SuiteReport.read(json);
    SuiteReport kept = written.keptFor(machine);
    if (kept.runs().isEmpty()) {
      out()
          .printf(
              "--resume: %s holds nothing to keep (expected: runs of the same machine, commit and backend, without changes)%n  there: %s%n  here:  %s%n",
              json, written.machine(), machine);
    }
    return kept;
  }

  private ReplayReport replay(RgbdDataset clip, SuiteRun run)
      throws IOException, InterruptedException {
    SessionOptions options =
        new SessionOptions(
            clip.camera(),
            clip.depthScale(),
            run.preset(),
            Optional.empty(),
            SyncMode.SYNC_MODE_UNSPECIFIED,
            OptionalLong.of(run.seed()),
            clip.name());
    return onOwnServer(
        client -> {
          ReplayResult result;
          try (ReplayProgress progress = TerminalProgress.of(out(), run.frames())) {
            result =
                new Replay(client).run(clip, client.createSession(options), run.rate(), progress);
          }
          ReplayEvaluation evaluation =
              ReplayEvaluation.of(client, DisturbedDataset.undisturbed(clip), result);
          evaluation.notes().forEach(out()::println);
          return ReplayReport.of(clip.name(), client.serverInfo(), result, evaluation);
        });
  }

  private <T> T onOwnServer(ServerConnection.Calls<T> calls)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("roomfield-server", ".log");
    log.toFile().deleteOnExit(); // also when the suite is broken off
    try (ServerConnection connection = ServerConnection.start(backend, log)) {
      return connection.call(calls);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private void save(SuiteReport report) throws IOException {
    report.write(json);
    if (markdown != null) {
      SuiteTable.write(markdown, report);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
