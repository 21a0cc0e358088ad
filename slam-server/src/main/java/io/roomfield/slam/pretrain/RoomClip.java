package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.KinectNoise;
import io.roomfield.rooms.ProceduralRoom;
import io.roomfield.rooms.RoomSplit;
import io.roomfield.rooms.RoomViews;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A walk of a Kinect through a procedural room of the test split: what the bench reads of a room
 * that training and validation never see. Only geometry is measured, so every image is grey.
 */
final class RoomClip {
  static final PinholeCamera CAMERA =
      new PinholeCamera(
          640,
          480,
          TrainingWalk.SENSOR_FOCAL_PIXELS,
          TrainingWalk.SENSOR_FOCAL_PIXELS,
          319.5,
          239.5);

  /** Even views are keyframes, odd ones are held out; the last is a keyframe, as the first. */
  private static final int VIEWS = 2 * Clip.KEYFRAMES - 1;

  private static final byte GREY = (byte) 128;

  private RoomClip() {}

  /** Room {@code index} of the split; everything follows from the index. */
  static Clip record(int index) {
    long seed = RoomSplit.TEST.seed(index);
    ProceduralRoom room = ProceduralRoom.create(seed);
    SphereTracer tracer = new SphereTracer(room.scene(), room.lighting());
    SplittableRandom random = new SplittableRandom(seed);
    List<SE3> poses =
        RoomViews.walk(
            room, random.nextLong(), VIEWS, TrainingWalk.STEP_METRES, TrainingWalk.STEP_RADIANS);
    long noiseSeed = random.nextLong();
    List<View> views =
        IntStream.range(0, VIEWS)
            .parallel()
            .mapToObj(i -> view(i, tracer, poses.get(i), noiseSeed + i))
            .toList();
    return new Clip("room-test-" + index, Clip.Kind.ROOM, every(views, 0), every(views, 1));
  }

  /** Every other view. */
  private static List<View> every(List<View> views, int first) {
    return IntStream.iterate(first, i -> i < views.size(), i -> i + 2)
        .mapToObj(views::get)
        .toList();
  }

  private static View view(int number, SphereTracer tracer, SE3 pose, long noiseSeed) {
    float[] exact = tracer.renderDepth(CAMERA, pose);
    byte[] rgb = new byte[3 * exact.length];
    Arrays.fill(rgb, GREY);
    RgbdFrame frame =
        new RgbdFrame(
            number,
            number,
            CAMERA.width(),
            CAMERA.height(),
            KinectNoise.apply(exact, CAMERA, TrainingWalk.SENSOR_FOCAL_PIXELS, noiseSeed),
            rgb,
            new RgbdFrame.EncodedImages(0, new byte[0], 0, new byte[0]));
    return View.of(CAMERA, frame, pose, exact);
  }
}
