package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
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

  @Override
  public Integer call() throws Exception {
    DisturbedDataset sequence = datasetOptions.open(session.dataSeed());
    return new ReplayRun(spec.commandLine().getOut(), server, outputs)
        .run(sequence, session.of(sequence.sent()), report);
  }
}
