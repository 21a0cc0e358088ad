package io.roomfield.slam.client.command;

import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.NoisyDepth;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.slam.client.replay.SendRate;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: everything at once, without any download. */
@Command(
    name = "demo",
    description = "Map a procedural room with Kinect noise and write a report; needs no download.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  /** What two cores map in about two minutes: a quarter of the walk around the room. */
  private static final String FRAMES = "150";

  @Spec private CommandSpec spec;
  @Mixin private SessionChoices session;
  @Mixin private ServerOptions server;
  @Mixin private ReplayOutputs outputs;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      defaultValue = "${sys:roomfield.root:-.}/out/demo",
      description = "Where the report goes (default: out/demo).")
  private Path report;

  @Option(
      names = "--max-frames",
      paramLabel = "N",
      defaultValue = FRAMES,
      description = "At most so many frames, 30 a second of the walk (default: ${DEFAULT-VALUE}).")
  private int maxFrames;

  @Override
  public Integer call() throws Exception {
    RgbdDataset room = SyntheticReader.read(session.dataSeed()).select(0, 1, maxFrames);
    RgbdDataset dataset = NoisyDepth.of(room, session.dataSeed());
    return new ReplayRun(spec.commandLine().getOut(), server, outputs)
        .run(
            DisturbedDataset.undisturbed(dataset),
            client -> client.createSession(session.of(dataset)),
            SendRate.FASTEST,
            report);
  }
}
