package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.BadInputException;

/**
 * What a session was opened with.
 *
 * @param label a name for people; may be empty
 * @param config the preset with the request's overrides
 * @param camera of colour and depth images alike
 * @param depthScale units of the depth images per metre, > 0
 * @param initialWorldFromCamera pose of the first frame
 * @param localiseOnly whether the map stays as it was when the session was opened in it
 */
public record SessionSettings(
    String label,
    SlamConfig config,
    PinholeCamera camera,
    double depthScale,
    SE3 initialWorldFromCamera,
    boolean localiseOnly) {
  private static final int MAX_LABEL_LENGTH = 100;

  /**
   * Bytes of a frame's pixel: three of colour, two of depth. Compressed images say their size
   * before they are decoded, and it must be the session's; so no message makes a larger image than
   * an uncompressed one could.
   */
  private static final int FRAME_PIXEL_BYTES = 3 + Short.BYTES;

  /**
   * Checks what comes from outside, however it comes: in a request, or in a file.
   *
   * @param maxMessageBytes a frame must fit into, uncompressed
   * @throws BadInputException naming the API's field that is out of range
   */
  public SessionSettings checked(int maxMessageBytes) {
    checkedLabel(label);
    int maxPixels = maxMessageBytes / FRAME_PIXEL_BYTES;
    if ((long) camera.width() * camera.height() > maxPixels) {
      throw BadInputException.of(
          "camera",
          "at most %d pixels: a frame must fit the message limit uncompressed".formatted(maxPixels),
          "%dx%d".formatted(camera.width(), camera.height()));
    }
    if (!(depthScale > 0) || !Double.isFinite(depthScale)) {
      throw BadInputException.of("depth_scale", "> 0 units per metre", depthScale);
    }
    try {
      SE3.fromMatrix(initialWorldFromCamera.matrix());
    } catch (IllegalArgumentException e) {
      throw BadInputException.of("initial_pose", "a rigid transform", e.getMessage());
    }
    return this;
  }

  /** A label that is not too long. */
  public static String checkedLabel(String label) {
    if (label.length() > MAX_LABEL_LENGTH) {
      throw BadInputException.of(
          "label",
          "at most %d characters".formatted(MAX_LABEL_LENGTH),
          label.length() + " characters");
    }
    return label;
  }

  SessionSettings labelled(String newLabel) {
    return new SessionSettings(
        newLabel, config, camera, depthScale, initialWorldFromCamera, localiseOnly);
  }
}
