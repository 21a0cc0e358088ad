package io.roomfield.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Replica layout of NICE-SLAM: {@code results/frameN.jpg}, {@code results/depthN.png}, {@code
 * traj.txt} (a 4x4 camera-to-world matrix a line), {@code cam_params.json} in the folder or the one
 * above, and the true surface as {@code gt_mesh.ply} in the folder or {@code NAME_mesh.ply} beside
 * it.
 */
public final class ReplicaReader {
  private static final String FORMAT = "Replica";
  private static final String CAMERA_FILE = "cam_params.json";
  private static final Pattern COLOUR = Pattern.compile("frame(\\d{1,9})\\.(?:jpg|jpeg|png)");
  private static final Pattern DEPTH = Pattern.compile("depth(\\d{1,9})\\.png");
  private static final int MATRIX = 16;

  /** The rate of the rendered sequences; the layout has no timestamps. */
  private static final double FRAMES_PER_SECOND = 30;

  private ReplicaReader() {}

  /**
   * Lists the folder; images are read when they are asked for.
   *
   * @param options win over the folder's own calibration
   * @throws DatasetException naming the file that is missing or wrong
   */
  public static RgbdDataset read(Path folder, PartialCalibration options) throws IOException {
    Path results = DatasetFiles.require(folder, "results", FORMAT);
    NavigableMap<Integer, Path> colours = DatasetFiles.numbered(results, COLOUR);
    NavigableMap<Integer, Path> depths = DatasetFiles.numbered(results, DEPTH);
    if (depths.isEmpty()) {
      throw new DatasetException(folder, "has no results/depthN.png (expected in Replica layout)");
    }
    ImageSize size = ImageFiles.size(depths.firstEntry().getValue());
    PartialCalibration calibration = options.orElse(folderCalibration(folder, size));
    PinholeCamera camera = calibration.camera(folder, CAMERA_FILE, size);
    List<SE3> poses = poses(folder.resolve("traj.txt"));
    List<RgbdEntry> frames = new ArrayList<>();
    for (Map.Entry<Integer, Path> depth : depths.entrySet()) {
      int index = depth.getKey();
      Path colour = colours.get(index);
      if (colour == null) {
        throw new DatasetException(
            depth.getValue(), "has no frameN.jpg with the same number (expected: both)");
      }
      frames.add(
          new RgbdEntry(
              index,
              Math.round(index / FRAMES_PER_SECOND * 1e9),
              () -> ImageFiles.colour(colour),
              () -> ImageFiles.depth(depth.getValue()),
              index < poses.size() ? Optional.of(poses.get(index)) : Optional.empty()));
    }
    return new RgbdDataset(
        name(folder), camera, calibration.depthScale(), frames, groundTruthMesh(folder));
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  private static List<SE3> poses(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<SE3> poses = new ArrayList<>();
    for (String[] row : DatasetFiles.rows(file)) {
      if (row.length != MATRIX) {
        throw new DatasetException(
            file,
            "line of frame %d: %d numbers (expected: 16)".formatted(poses.size(), row.length));
      }
      try {
        poses.add(SE3.fromMatrix(DatasetFiles.numbers(file, row)));
      } catch (IllegalArgumentException e) {
        throw new DatasetException(
            file, "line of frame %d: %s".formatted(poses.size(), e.getMessage()), e);
      }
    }
    return poses;
  }

  private static PartialCalibration folderCalibration(Path folder, ImageSize size)
      throws IOException {
    Path own = folder.resolve(CAMERA_FILE);
    Path file = Files.exists(own) ? own : folder.resolveSibling(CAMERA_FILE);
    if (!Files.exists(file)) {
      return PartialCalibration.NONE;
    }
    JsonNode camera;
    try {
      camera = new ObjectMapper().readTree(file.toFile()).path("camera");
    } catch (JsonProcessingException e) {
      throw new DatasetException(file, "not JSON: " + e.getOriginalMessage(), e);
    }
    ImageSize declared =
        new ImageSize((int) number(file, camera, "w"), (int) number(file, camera, "h"));
    if (!declared.equals(size)) {
      throw new DatasetException(
          file,
          "is for %s pixels (expected: %s, the size of the depth images)"
              .formatted(declared, size));
    }
    return new PartialCalibration(
        number(file, camera, "fx"),
        number(file, camera, "fy"),
        number(file, camera, "cx"),
        number(file, camera, "cy"),
        number(file, camera, "scale"));
  }

  private static double number(Path file, JsonNode camera, String key) throws DatasetException {
    JsonNode value = camera.path(key);
    if (!value.isNumber()) {
      throw new DatasetException(
          file, "camera.%s: %s (expected: a number)".formatted(key, value.toString()));
    }
    return value.doubleValue();
  }

  private static Optional<Loadable<TriangleMesh>> groundTruthMesh(Path folder) {
    Path own = folder.resolve("gt_mesh.ply");
    Path beside = folder.resolveSibling(name(folder) + "_mesh.ply");
    Path file = Files.exists(own) ? own : beside;
    return Files.exists(file) ? Optional.of(() -> PlyFile.read(file)) : Optional.empty();
  }
}
