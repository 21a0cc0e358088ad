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
 * @param exactMetres {@code [height, width]} what a perfect sensor would have read, 0 for none;
 *     null for recordings, where nobody knows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record View(
    PinholeCamera camera,
    RgbdFrame frame,
    FramePixels pixels,
    FramePixels sensed,
    SE3 worldFromCamera,
    float[] exactMetres) {

  /** A frame as decoded, preprocessed as the server does. */
  static View of(PinholeCamera camera, RgbdFrame decoded, SE3 worldFromCamera) {
    return of(camera, decoded, worldFromCamera, null);
  }

  /** A rendered frame whose exact depth is known; preprocessed likewise. */
  static View of(
      PinholeCamera camera, RgbdFrame decoded, SE3 worldFromCamera, float[] exactMetres) {
    RgbdFrame frame = DepthPreprocessor.process(decoded);
    return new View(
        camera,
        frame,
        FramePixels.of(frame.depthMetres(), frame.rgb()),
        FramePixels.of(decoded.depthMetres(), decoded.rgb()),
        worldFromCamera,
        exactMetres);
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
