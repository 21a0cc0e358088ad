package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RayBatch;
import java.util.List;

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

  /** Empties a batch and gives it the poses of views, in their order. */
  static void aim(RayBatch rays, List<View> views) {
    rays.count = 0;
    rays.poses = views.stream().map(View::worldFromCamera).toArray(SE3[]::new);
    rays.frameMaxDepth = new float[views.size()];
    for (int i = 0; i < views.size(); i++) {
      rays.frameMaxDepth[i] = views.get(i).pixels().maxDepthMetres();
    }
  }
}
