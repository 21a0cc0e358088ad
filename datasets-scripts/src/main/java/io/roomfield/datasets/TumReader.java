package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TrajectoryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The TUM RGB-D layout: {@code associations.txt}, or {@code rgb.txt} and {@code depth.txt}
 * associated here; {@code groundtruth.txt} where there is one; {@code intrinsics.txt} ({@code fx fy
 * cx cy depth_scale width height}) or options. A frame has the time of its colour image.
 */
public final class TumReader {
  private static final String FORMAT = "TUM";
  private static final String CAMERA_FILE = "intrinsics.txt";

  /** Largest time between a colour and a depth image of one frame, as in the benchmark's tools. */
  private static final long MAX_PAIR_NANOS = 20_000_000;

  private static final int PAIR_COLUMNS = 4;
  private static final int INTRINSICS_COLUMNS = 7;

  private TumReader() {}

  /**
   * Reads the folder's lists; images are read when they are asked for.
   *
   * @param options win over the folder's own calibration
   * @throws DatasetException naming the file that is missing or wrong
   */
  public static RgbdDataset read(Path folder, PartialCalibration options) throws IOException {
    List<ImagePair> pairs = pairs(folder);
    if (pairs.isEmpty()) {
      throw new DatasetException(folder, "no colour image has a depth image within 20 ms of it");
    }
    ImageSize size = ImageFiles.size(pairs.getFirst().depth());
    PartialCalibration calibration = options.orElse(folderCalibration(folder, size));
    PinholeCamera camera = calibration.camera(folder, CAMERA_FILE, size);
    Path truthFile = folder.resolve("groundtruth.txt");
    PoseInterpolator truth =
        new PoseInterpolator(Files.exists(truthFile) ? TrajectoryFile.read(truthFile) : List.of());
    List<RgbdEntry> frames = new ArrayList<>();
    for (ImagePair pair : pairs) {
      frames.add(
          new RgbdEntry(
              frames.size(),
              pair.colourNanos(),
              () -> ImageFiles.colour(pair.colour()),
              () -> ImageFiles.depth(pair.depth()),
              truth.at(pair.colourNanos())));
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new RgbdDataset(name, camera, calibration.depthScale(), frames, Optional.empty());
  }

  private record ImagePair(long colourNanos, Path colour, Path depth) {}

  private record Candidate(long colourNanos, long depthNanos) {
    long apartNanos() {
      return Math.abs(colourNanos - depthNanos);
    }
  }

  private static List<ImagePair> pairs(Path folder) throws IOException {
    DatasetFiles.requireFolder(folder, FORMAT);
    Path associations = folder.resolve("associations.txt");
    if (Files.exists(associations)) {
      return associated(folder, associations);
    }
    if (!Files.exists(folder.resolve("rgb.txt"))) {
      throw new DatasetException(
          folder, "has neither associations.txt nor rgb.txt (expected in TUM layout)");
    }
    return associate(
        images(folder, folder.resolve("rgb.txt")),
        images(folder, DatasetFiles.require(folder, "depth.txt", FORMAT)));
  }

  private static List<ImagePair> associated(Path folder, Path file) throws IOException {
    List<ImagePair> pairs = new ArrayList<>();
    for (String[] row : DatasetFiles.rows(file)) {
      if (row.length != PAIR_COLUMNS) {
        throw new DatasetException(
            file,
            "'%s' (expected: timestamp rgb/FILE timestamp depth/FILE)"
                .formatted(String.join(" ", row)));
      }
      int colour = row[1].startsWith("depth") ? 2 : 0;
      int depth = 2 - colour;
      pairs.add(
          new ImagePair(
              DatasetFiles.nanos(file, row[colour]),
              DatasetFiles.named(folder, file, row[colour + 1]),
              DatasetFiles.named(folder, file, row[depth + 1])));
    }
    pairs.sort(Comparator.comparingLong(ImagePair::colourNanos));
    return pairs;
  }

  private static NavigableMap<Long, Path> images(Path folder, Path list) throws IOException {
    NavigableMap<Long, Path> images = new TreeMap<>();
    for (String[] row : DatasetFiles.rows(list)) {
      if (row.length != 2) {
        throw new DatasetException(
            list, "'%s' (expected: timestamp FILE)".formatted(String.join(" ", row)));
      }
      images.put(DatasetFiles.nanos(list, row[0]), DatasetFiles.named(folder, list, row[1]));
    }
    return images;
  }

  /** Pairs within 20 ms, nearest first, each image in one pair: the benchmark's associate.py. */
  private static List<ImagePair> associate(
      NavigableMap<Long, Path> colours, NavigableMap<Long, Path> depths) {
    List<Candidate> candidates = new ArrayList<>();
    for (long colour : colours.keySet()) {
      NavigableMap<Long, Path> near =
          depths.subMap(colour - MAX_PAIR_NANOS, true, colour + MAX_PAIR_NANOS, true);
      near.keySet().forEach(depth -> candidates.add(new Candidate(colour, depth)));
    }
    candidates.sort(Comparator.comparingLong(Candidate::apartNanos));
    Set<Long> usedColours = new HashSet<>();
    Set<Long> usedDepths = new HashSet<>();
    List<ImagePair> pairs = new ArrayList<>();
    for (Candidate c : candidates) {
      if (!usedColours.contains(c.colourNanos()) && usedDepths.add(c.depthNanos())) {
        usedColours.add(c.colourNanos());
        pairs.add(
            new ImagePair(
                c.colourNanos(), colours.get(c.colourNanos()), depths.get(c.depthNanos())));
      }
    }
    pairs.sort(Comparator.comparingLong(ImagePair::colourNanos));
    return pairs;
  }

  private static PartialCalibration folderCalibration(Path folder, ImageSize size)
      throws IOException {
    Path file = folder.resolve(CAMERA_FILE);
    if (!Files.exists(file)) {
      return PartialCalibration.NONE;
    }
    double[] v = DatasetFiles.numbers(file, INTRINSICS_COLUMNS);
    if (v[5] != size.width() || v[6] != size.height()) {
      throw new DatasetException(
          file,
          "is for %.0fx%.0f pixels (expected: %s, the size of the depth images)"
              .formatted(v[5], v[6], size));
    }
    return new PartialCalibration(v[0], v[1], v[2], v[3], v[4]);
  }
}
