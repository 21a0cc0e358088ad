package io.roomfield.slam.fusion;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;

/**
 * A depth image and where it was taken.
 *
 * @param depthMetres {@code [height, width]} along the optical axis; what is not above 0 and finite
 *     is no reading
 * @param worldFromCamera the camera's pose
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record DepthFrame(float[] depthMetres, PinholeCamera camera, SE3 worldFromCamera) {
  /**
   * @throws IllegalArgumentException if the image's size is not the camera's
   */
  public DepthFrame {
    if (depthMetres.length != camera.width() * camera.height()) {
      throw new IllegalArgumentException(
          "depth image: %d pixels (expected: %d, %dx%d as the camera's)"
              .formatted(
                  depthMetres.length,
                  camera.width() * camera.height(),
                  camera.width(),
                  camera.height()));
    }
  }

  /** The largest reading in metres; 0 if there is none. */
  public float farthestMetres() {
    float farthest = 0;
    for (float reading : depthMetres) {
      if (reading > farthest && reading < Float.POSITIVE_INFINITY) {
        farthest = reading;
      }
    }
    return farthest;
  }
}
