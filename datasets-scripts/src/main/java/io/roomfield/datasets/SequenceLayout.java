package io.roomfield.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The layouts that recordings come in. */
public enum SequenceLayout {
  SCANNET,
  TUM,
  REPLICA;

  /** The layout of a folder, by a name that only this layout has; empty where there is none. */
  public static Optional<SequenceLayout> of(Path folder) {
    if (Files.exists(folder.resolve("intrinsic"))) {
      return Optional.of(SCANNET);
    }
    if (Files.exists(folder.resolve("associations.txt"))
        || Files.exists(folder.resolve("rgb.txt"))) {
      return Optional.of(TUM);
    }
    return Files.exists(folder.resolve("traj.txt")) ? Optional.of(REPLICA) : Optional.empty();
  }

  /**
   * Lists the sequence; images are read when they are asked for.
   *
   * @param options win over the folder's own calibration
   * @throws DatasetException naming the file that is missing or wrong
   */
  public RgbdDataset read(Path folder, PartialCalibration options) throws IOException {
    return switch (this) {
      case SCANNET -> ScanNetReader.read(folder, options);
      case TUM -> TumReader.read(folder, options);
      case REPLICA -> ReplicaReader.read(folder, options);
    };
  }
}
