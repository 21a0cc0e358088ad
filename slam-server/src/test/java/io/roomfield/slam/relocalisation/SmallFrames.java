package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.FurnishedRoom;
import io.roomfield.rooms.KinectNoise;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.slam.ingest.RgbdFrame;

/** Frames of a camera of a quarter of a Kinect's pixels. */
final class SmallFrames {
  static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 262.5, 262.5, 159.5, 119.5);

  private SmallFrames() {}

  /** A frame with these images. */
  static RgbdFrame frame(PinholeCamera camera, float[] depthMetres, byte[] rgb) {
    return new RgbdFrame(
        0,
        0,
        camera.width(),
        camera.height(),
        depthMetres,
        rgb,
        new RgbdFrame.EncodedImages(0, new byte[0], 0, new byte[0]));
  }

  /** A furnished room seen from a pose, depth with a Kinect's noise. */
  static RgbdFrame room(long seed, SE3 worldFromCamera) {
    FurnishedRoom room = FurnishedRoom.create(seed);
    SphereTracer.View view =
        new SphereTracer(room.scene(), room.lighting()).render(CAMERA, worldFromCamera);
    float[] noisy =
        KinectNoise.apply(view.depthMetres(), CAMERA.width(), CAMERA.height(), CAMERA.fx(), seed);
    return frame(CAMERA, noisy, view.rgb());
  }

  /** Left and right changed: a room that there is not. */
  static RgbdFrame mirrored(RgbdFrame frame) {
    float[] depth = new float[frame.depthMetres().length];
    byte[] rgb = new byte[frame.rgb().length];
    for (int i = 0; i < depth.length; i++) {
      int column = i % frame.width();
      int from = i - column + frame.width() - 1 - column;
      depth[i] = frame.depthMetres()[from];
      System.arraycopy(frame.rgb(), 3 * from, rgb, 3 * i, 3);
    }
    return frame(CAMERA, depth, rgb);
  }
}
