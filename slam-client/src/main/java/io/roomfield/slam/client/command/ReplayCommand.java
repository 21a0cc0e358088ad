package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.MapOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.replay.SendRate;
import io.roomfield.slam.v1.Session;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
      names = "--open-map",
      paramLabel = "ID",
      description =
          "Switch the camera on in the map of a session that the server keeps (see --keep-session, save-map, sessions);"
              + " where it is, it has to find out.")
  private String mapSessionId;

  @Option(
      names = "--localise-only",
      description = "Leave that map as it is: frames are tracked in it, and not mapped.")
  private boolean localiseOnly;

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
        .run(sequence, opening(sequence.sent()), rate, report);
  }

  private Function<SlamClient, Session> opening(RgbdDataset dataset) {
    if (mapSessionId == null) {
      if (localiseOnly) {
        throw new IllegalArgumentException("--localise-only without --open-map (expected: both)");
      }
      return client -> client.createSession(session.of(dataset));
    }
    if (!server.isNamed()) {
      throw new IllegalArgumentException("--open-map without --server (expected: both)");
    }
    MapOptions options = session.inMap(mapSessionId, localiseOnly, dataset);
    return client -> client.openMap(options);
  }
}
