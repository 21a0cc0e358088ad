package io.roomfield.slam.pretrain;

import io.roomfield.datasets.PartialCalibration;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SequenceLayout;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.rooms.RoomSplit;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FieldStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code slam bench-decoders}: whether decoders map well, on recordings and unseen rooms. */
@Command(
    name = "bench-decoders",
    mixinStandardHelpOptions = true,
    description =
        "Measures maps made with a family of decoders: depth, surface, and how well they track.")
public final class BenchDecodersCommand implements Callable<Integer> {
  /** For unseen space: so many rooms of the test split with so many walks each, a fixed choice. */
  private static final int COARSE_ROOMS = 6;

  private static final int WALKS_PER_ROOM = 2;
  private static final long WALK_SEED = 1;

  @Option(
      names = "--path",
      required = true,
      paramLabel = "DIR",
      description = "Folder of clips (ScanNet, TUM or Replica layout), or one clip.")
  private Path path;

  @Option(
      names = "--json",
      required = true,
      paramLabel = "FILE",
      description = "All figures go to this file.")
  private Path json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "The acceptance table goes to this file as well.")
  private Path markdown;

  @Option(
      names = "--family",
      paramLabel = "NAME|FILE",
      description = "The decoders, or their weight file (default: ${DEFAULT-VALUE}).")
  private String family = DecoderFamily.NICE;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Voxels, learning rates and tracking (default: ${DEFAULT-VALUE}).")
  private String preset = Presets.DEFAULT;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs a clip, averaged (default: ${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      description = "Unseen procedural rooms besides the clips (default: ${DEFAULT-VALUE}).")
  private int rooms = 3;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Lanes of the backend (default: ${DEFAULT-VALUE}).")
  private int threads = 2;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new BenchDecodersCommand())
        .setExecutionExceptionHandler(new OneLineErrors());
  }

  @Override
  public Integer call() throws IOException {
    if (rooms < 0) {
      throw new InvalidValueException("rooms", rooms, "0 or more");
    }
    if (seeds < 1) {
      throw new InvalidValueException("seeds", seeds, "> 0");
    }
    SlamConfig config = Presets.load(preset);
    try (ComputeBackend backend = ComputeBackends.open("vector", threads)) {
      DecoderFamily decoders = family();
      FieldStart start = start(config, decoders, backend);
      ClipBench bench = new ClipBench(backend, config, start, BenchProtocol.DEFAULT);
      BenchReport report =
          new BenchReport(circumstances(decoders, start, backend), spec.commandLine().getOut());
      report.begin();
      for (Path folder : clipFolders()) {
        RgbdDataset sequence =
            SequenceLayout.of(folder).orElseThrow().read(folder, PartialCalibration.NONE);
        measure(bench, Clip.read(sequence, Clip.Kind.SENSOR), report);
      }
      for (int room = 0; room < rooms; room++) {
        measure(bench, RoomClip.record(room), report);
      }
      if (decoders.coarse() != null && decoders.coarseEncoder() != null) {
        report.add(unseen(config, decoders, backend));
      }
      report.finish(json, markdown);
    }
    return 0;
  }

  /** The family of a weight file, or of a name. */
  private DecoderFamily family() throws IOException {
    DecoderFamily decoders;
    if (family.endsWith(".safetensors")) {
      decoders = DecoderFamily.read(Path.of(family));
    } else {
      DecoderFamily.checkKnown("family", family);
      decoders = DecoderFamily.load(family);
    }
    if (decoders.isJoint()) {
      throw new InvalidValueException("family", family, "one with decoders of mid and fine");
    }
    return decoders;
  }

  private static FieldStart start(SlamConfig config, DecoderFamily family, ComputeBackend backend) {
    RandomStart random =
        new RandomStart(config.grid(), family, config.mapping(), ClipBench.settings(config));
    return family.midEncoder() == null ? random : new EncodedStart(random, backend);
  }

  private static UnseenDepth.Figures unseen(
      SlamConfig config, DecoderFamily family, ComputeBackend backend) {
    TrainingSet walks = TrainingSet.record(RoomSplit.TEST, COARSE_ROOMS, WALKS_PER_ROOM, WALK_SEED);
    return new CoarseValidation(family, config.grid(), walks, backend).measure();
  }

  private void measure(ClipBench bench, Clip clip, BenchReport report) {
    List<ClipFigures> figures = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      figures.add(bench.run(clip, seed));
    }
    report.add(clip, figures);
  }

  private Map<String, Object> circumstances(
      DecoderFamily decoders, FieldStart start, ComputeBackend backend) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("family", decoders.name());
    head.put("multiply_adds_fine", decoders.multiplyAdds(FieldStage.FINE));
    head.put("multiply_adds_colour", decoders.multiplyAdds(FieldStage.COLOUR));
    head.put("start", start.name());
    head.put("preset", preset);
    head.put("seeds", seeds);
    head.put("backend", backend.description());
    head.put("threads", threads);
    return head;
  }

  /** The folder itself if it is a clip, or those in it that are. */
  private List<Path> clipFolders() throws IOException {
    if (SequenceLayout.of(path).isPresent()) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> clips =
          entries.filter(entry -> SequenceLayout.of(entry).isPresent()).sorted().toList();
      if (clips.isEmpty()) {
        throw new InvalidValueException(
            "path", path, "a folder with a clip in ScanNet, TUM or Replica layout");
      }
      return clips;
    }
  }
}
