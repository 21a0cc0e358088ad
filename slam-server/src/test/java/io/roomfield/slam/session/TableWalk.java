package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.FurnishedRoom;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A small camera walks around the table of a furnished room, looking across it. */
final class TableWalk {
  static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 131, 131, 79.5, 59.5);

  private static final FurnishedRoom ROOM = FurnishedRoom.create(1);
  private static final SphereTracer TRACER = new SphereTracer(ROOM.scene(), ROOM.lighting());
  private static final Map<Integer, RgbdFrame> FRAMES = new ConcurrentHashMap<>();

  private TableWalk() {}

  /** Where the camera is after so many degrees; ten are some 15 cm. */
  static SE3 pose(int degrees) {
    double angle = Math.toRadians(degrees);
    return SE3.lookAt(
        new double[] {0.9 * Math.cos(angle), 0.8 * Math.sin(angle), 1.6},
        new double[] {-1.5 * Math.cos(angle), -1.2 * Math.sin(angle), 0.7},
        new double[] {0, 0, 1});
  }

  /** What it sees there; the same object every time, its number the degrees. */
  static RgbdFrame frame(int degrees) {
    return FRAMES.computeIfAbsent(
        degrees,
        n -> {
          SphereTracer.View view = TRACER.render(CAMERA, pose(n));
          return new RgbdFrame(
              n,
              n,
              CAMERA.width(),
              CAMERA.height(),
              view.depthMetres(),
              view.rgb(),
              new RgbdFrame.EncodedImages(0, new byte[0], 0, new byte[0]));
        });
  }
}
