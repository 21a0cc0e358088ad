package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Intrinsics and depth scale as far as they are known; null is unknown. What a folder leaves open
 * must come from options: nothing is guessed.
 *
 * @param fx focal length in pixels
 * @param fy focal length in pixels
 * @param cx principal point in pixels
 * @param cy principal point in pixels
 * @param depthScale depth image units per metre
 */
public record PartialCalibration(Double fx, Double fy, Double cx, Double cy, Double depthScale) {
  /** Nothing known. */
  public static final PartialCalibration NONE =
      new PartialCalibration(null, null, null, null, null);

  /** These values, and the other's where these are unknown. */
  PartialCalibration orElse(PartialCalibration other) {
    return new PartialCalibration(
        fx == null ? other.fx : fx,
        fy == null ? other.fy : fy,
        cx == null ? other.cx : cx,
        cy == null ? other.cy : cy,
        depthScale == null ? other.depthScale : depthScale);
  }

  /**
   * The camera of a folder's images.
   *
   * @param folder for messages
   * @param file the file that could have said it, for messages
   * @throws DatasetException naming what is unknown and the options that give it, or what does not
   *     fit the images
   */
  PinholeCamera camera(Path folder, String file, ImageSize size) throws DatasetException {
    List<String> missing = new ArrayList<>();
    addIfUnknown(missing, fx, "--fx");
    addIfUnknown(missing, fy, "--fy");
    addIfUnknown(missing, cx, "--cx");
    addIfUnknown(missing, cy, "--cy");
    addIfUnknown(missing, depthScale, "--depth-scale");
    if (!missing.isEmpty()) {
      throw new DatasetException(
          folder,
          "camera not known (expected: %s, or the options %s)"
              .formatted(file, String.join(" ", missing)));
    }
    try {
      return new PinholeCamera(size.width(), size.height(), fx, fy, cx, cy);
    } catch (IllegalArgumentException e) {
      throw new DatasetException(folder, "camera: " + e.getMessage(), e);
    }
  }

  private static void addIfUnknown(List<String> missing, Double value, String option) {
    if (value == null) {
      missing.add(option);
    }
  }
}
