package io.roomfield.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The layouts that recordings come in. */
public enum SequenceLayout {
  SCANNET("ScanNet", "intrinsic/, color/, depth/ and, for ground truth, pose/"),
  TUM("TUM", "associations.txt, or rgb.txt and depth.txt, and, for ground truth, groundtruth.txt"),
  REPLICA("Replica", "traj.txt, results/, and cam_params.json there or in the folder above");

  private final String title;
  private final String needs;

  SequenceLayout(String title, String needs) {
    this.title = title;
    this.needs = needs;
  }

  /** The layout of a folder, by a name that only this layout has; empty where there is none. */
  public static Optional<SequenceLayout> of(Path folder) {
    return Arrays.stream(values())
        .filter(layout -> layout.marks().anyMatch(mark -> Files.exists(folder.resolve(mark))))
        .findFirst();
  }

  /**
   * The layout of a folder that must have one.
   *
   * @throws DatasetException that lists what each layout needs, if the folder is none
   */
  public static SequenceLayout require(Path folder) throws DatasetException {
    DatasetFiles.requireFolder(folder, "TUM, ScanNet or Replica");
    return of(folder)
        .orElseThrow(
            () ->
                new DatasetException(
                    folder,
                    "layout not recognised (expected one of: %s)"
                        .formatted(
                            Arrays.stream(values())
                                .map(layout -> layout.title + " with " + layout.needs)
                                .collect(Collectors.joining("; ")))));
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

  /** Names that only this layout has; each alone tells. */
  private Stream<String> marks() {
    return switch (this) {
      case SCANNET -> Stream.of("intrinsic");
      case TUM -> Stream.of("associations.txt", "rgb.txt");
      case REPLICA -> Stream.of("traj.txt");
    };
  }
}
