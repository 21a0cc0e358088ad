package io.roomfield.slam.client.command;

import io.roomfield.datasets.Disturbance;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.NoisyDepth;
import io.roomfield.datasets.PartialCalibration;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SequenceLayout;
import io.roomfield.datasets.SyntheticReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which sequence, and which part of it. */
final class DatasetOptions {
  /** Layouts that can be read. */
  enum Format {
    TUM,
    SCANNET,
    REPLICA,
    SYNTHETIC
  }

  @Option(
      names = "--format",
      paramLabel = "F",
      description =
          "Layout: tum, scannet, replica (default: recognised by its files), or synthetic (a procedural room, no --path).")
  private Format format;

  @Option(names = "--path", paramLabel = "DIR", description = "Folder of the sequence.")
  private Path path;

  @Option(names = "--start", paramLabel = "N", description = "First frame (default: 0).")
  private int start;

  @Option(names = "--max-frames", paramLabel = "N", description = "At most so many frames.")
  private int maxFrames = Integer.MAX_VALUE;

  @Option(names = "--stride", paramLabel = "N", description = "Every N-th frame (default: 1).")
  private int stride = 1;

  @Option(
      names = "--noisy-depth",
      description = "Put the noise of a Kinect on the depth before it is sent.")
  private boolean noisyDepth;

  @Option(
      names = "--disturb",
      split = ",",
      paramLabel = "KIND:LENGTHxCOUNT",
      description = {
        "Let things go wrong at random places, as blackout:30x3 for 30 frames at 3 places, and count what",
        "tracking made of them. Kinds: gap, blackout, blur, shuffle, object (a box of 40 cm that",
        "moves through the view), kidnap (a jump of LENGTH frames, ahead or back)."
      })
  private List<String> disturbances = List.of();

  @Option(names = "--fx", paramLabel = "PX", description = "Focal length; wins over the folder's.")
  private Double fx;

  @Option(names = "--fy", paramLabel = "PX", description = "Focal length; wins over the folder's.")
  private Double fy;

  @Option(names = "--cx", paramLabel = "PX", description = "Principal point; likewise.")
  private Double cx;

  @Option(names = "--cy", paramLabel = "PX", description = "Principal point; likewise.")
  private Double cy;

  @Option(
      names = "--depth-scale",
      paramLabel = "N",
      description = "Depth units per metre; wins over the folder's.")
  private Double depthScale;

  /**
   * Opens the sequence.
   *
   * @param seed of the noise, the disturbances and the synthetic room
   */
  DisturbedDataset open(long seed) throws IOException {
    List<Disturbance> asked = disturbances.stream().map(Disturbance::parse).toList();
    RgbdDataset selected = read(seed).select(start, stride, maxFrames);
    RgbdDataset recorded = noisyDepth ? NoisyDepth.of(selected, seed) : selected;
    return asked.isEmpty()
        ? DisturbedDataset.undisturbed(recorded)
        : DisturbedDataset.of(recorded, asked, seed);
  }

  private RgbdDataset read(long seed) throws IOException {
    if (format == Format.SYNTHETIC) {
      if (path != null) {
        throw new IllegalArgumentException(
            "--path: %s (expected: none, the format synthetic reads no files)".formatted(path));
      }
      return SyntheticReader.read(seed);
    }
    if (path == null) {
      throw new IllegalArgumentException(
          "--path: missing (expected: the sequence's folder, or --format synthetic)");
    }
    return layout().read(path, new PartialCalibration(fx, fy, cx, cy, depthScale));
  }

  private SequenceLayout layout() throws IOException {
    return switch (format) {
      case null -> SequenceLayout.require(path);
      case TUM -> SequenceLayout.TUM;
      case SCANNET -> SequenceLayout.SCANNET;
      case REPLICA -> SequenceLayout.REPLICA;
      case SYNTHETIC -> throw new AssertionError("has no folder");
    };
  }
}
