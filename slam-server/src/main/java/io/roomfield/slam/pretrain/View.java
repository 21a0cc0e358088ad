package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.render.FramePixels;

/**
 * A frame of a clip with its true pose.
 *
 * @param camera that took it
 * @param frame as the engine sees it: without unsupported readings
 * @param pixels of that frame, as ray sampling reads them
 * @param sensed the same with every reading of the sensor
 * @param worldFromCamera ground truth
 */
record View(
    PinholeCamera camera,
    RgbdFrame frame,
    FramePixels pixels,
    FramePixels sensed,
    SE3 worldFromCamera) {

  /** A frame as decoded, preprocessed as the server does. */
  static View of(PinholeCamera camera, RgbdFrame decoded, SE3 worldFromCamera) {
    RgbdFrame frame = DepthPreprocessor.process(decoded);
    return new View(
        camera,
        frame,
        FramePixels.of(frame.depthMetres(), frame.rgb()),
        FramePixels.of(decoded.depthMetres(), decoded.rgb()),
        worldFromCamera);
  }
}
