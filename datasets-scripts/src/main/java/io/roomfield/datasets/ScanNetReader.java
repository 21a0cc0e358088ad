package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.ColourImage;
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
 * The layout of ScanNet's exporter: {@code color/N.jpg}, {@code depth/N.png} (millimetres), {@code
 * pose/N.txt} (4x4 camera to world) and {@code intrinsic/intrinsic_depth.txt}. Colour images of
 * another size than depth are resampled to it.
 */
public final class ScanNetReader {
  private static final String FORMAT = "ScanNet";
  private static final Pattern COLOUR = Pattern.compile("(\\d{1,9})\\.(?:jpg|jpeg|png)");
  private static final Pattern DEPTH = Pattern.compile("(\\d{1,9})\\.png");
  private static final String INTRINSIC = "intrinsic/intrinsic_depth.txt";
  private static final int MATRIX = 16;

  /** Units of a depth image per metre: fixed by the format, which stores millimetres. */
  private static final double DEPTH_SCALE = 1000;

  /** The camera's rate; the layout has no timestamps. */
  static final double FRAMES_PER_SECOND = 30;

  private ScanNetReader() {}

  /**
   * Lists the folder; images are read when they are asked for.
   *
   * @param options win over the folder's own calibration
   * @throws DatasetException naming the file that is missing or wrong
   */
  public static RgbdDataset read(Path folder, PartialCalibration options) throws IOException {
    NavigableMap<Integer, Path> colours =
        DatasetFiles.numbered(DatasetFiles.require(folder, "color", FORMAT), COLOUR);
    NavigableMap<Integer, Path> depths =
        DatasetFiles.numbered(DatasetFiles.require(folder, "depth", FORMAT), DEPTH);
    if (depths.isEmpty()) {
      throw new DatasetException(folder, "has no depth/N.png (expected in ScanNet layout)");
    }
    ImageSize depthSize = ImageFiles.size(depths.firstEntry().getValue());
    PartialCalibration calibration = options.orElse(folderCalibration(folder));
    PinholeCamera camera = calibration.camera(folder, INTRINSIC, depthSize);
    List<RgbdEntry> frames = new ArrayList<>();
    for (Map.Entry<Integer, Path> depth : depths.entrySet()) {
      int index = depth.getKey();
      Path colour = colours.get(index);
      if (colour == null) {
        throw new DatasetException(
            folder,
            "has depth/%d.png and no color/%d.jpg (expected: both)".formatted(index, index));
      }
      frames.add(
          new RgbdEntry(
              index,
              Math.round(index / FRAMES_PER_SECOND * 1e9),
              colourSource(colour, camera),
              () -> ImageFiles.depth(depth.getValue()),
              pose(folder.resolve("pose").resolve(index + ".txt"))));
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new RgbdDataset(name, camera, calibration.depthScale(), frames, Optional.empty());
  }

  private static Loadable<ColourImage> colourSource(Path file, PinholeCamera camera)
      throws IOException {
    return () -> {
      ImageSize size = ImageFiles.size(file);
      ColourImage image = ImageFiles.colour(file);
      boolean registered = size.width() == camera.width() && size.height() == camera.height();
      return registered
          ? image
          : ColourImages.raw(ColourImages.rgb(image, camera.width(), camera.height()));
    };
  }

  private static PartialCalibration folderCalibration(Path folder) throws IOException {
    Path file = folder.resolve(INTRINSIC);
    if (!Files.exists(file)) {
      return new PartialCalibration(null, null, null, null, DEPTH_SCALE);
    }
    double[] k = DatasetFiles.numbers(file, MATRIX);
    return new PartialCalibration(k[0], k[5], k[2], k[6], DEPTH_SCALE);
  }

  /** A pose file; where the recording lost its pose, ScanNet writes a matrix of infinities. */
  private static Optional<SE3> pose(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    double[] matrix = DatasetFiles.numbers(file, MATRIX);
    if (!Double.isFinite(matrix[0])) {
      return Optional.empty();
    }
    try {
      return Optional.of(SE3.fromMatrix(matrix));
    } catch (IllegalArgumentException e) {
      throw new DatasetException(file, e.getMessage(), e);
    }
  }
}
