package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.slam.client.replay.SendRate;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code replay}: a recorded sequence through a server, evaluated. */
@Command(
    name = "replay",
    description = "Stream a sequence through a server and evaluate poses, depth and mesh.",
    mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DatasetOptions datasetOptions;
  @Mixin private SessionChoices session;
  @Mixin private ServerOptions server;
  @Mixin private ReplayOutputs outputs;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write trajectory, mesh, plots and a page with them.")
  private Path report;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "fastest, or realtime: by the sensor's clock, leaving out what the server has no room for"
              + " (default: fastest).")
  private SendRate rate = SendRate.FASTEST;

  @Override
  public Integer call() throws Exception {
    DisturbedDataset sequence = datasetOptions.open(session.dataSeed());
    return new ReplayRun(spec.commandLine().getOut(), server, outputs)
        .run(sequence, session.of(sequence.sent()), rate, report);
  }
}
