package io.roomfield.slam;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_features2d;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/**
 * OpenCV's native libraries, of which one that Roomfield does not use needs GTK 2 on Linux: without
 * it none can be loaded, and a machine without a desktop seldom has it.
 */
final class OpenCvLibraries {
  private OpenCvLibraries() {}

  /**
   * Loads what frames and relocalisation need, so that what is missing is told when a server starts
   * and not when a camera comes.
   *
   * @throws IllegalStateException with what is missing, and what to install
   */
  static void load() {
    load(
        () -> {
          Loader.load(opencv_imgcodecs.class);
          Loader.load(opencv_features2d.class);
          Loader.load(opencv_calib3d.class);
        });
  }

  static void load(Runnable loading) {
    try {
      loading.run();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "OpenCV's native libraries cannot be loaded: %s (expected: GTK 2 and what it needs; 'apt install libgtk2.0-0', 'dnf install gtk2')"
              .formatted(deepest(e).getMessage()),
          e);
    }
  }

  private static Throwable deepest(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
