package io.roomfield.slam.pretrain;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.ProceduralRoom;
import io.roomfield.rooms.RoomViews;
import io.roomfield.rooms.SignedDistanceScene;
import io.roomfield.rooms.SphereTracer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A walk of a depth camera through a procedural room: exact poses and depth. Views with even
 * numbers are mapped, those between them are held out.
 *
 * @param scene the room's surface; its distance is positive in free space
 * @param tracer renders it
 * @param camera of the reduced images
 * @param worldFromCamera per view
 * @param depths per view, exact but for the rounding
 */
record TrainingWalk(
    SignedDistanceScene scene,
    SphereTracer tracer,
    PinholeCamera camera,
    List<SE3> worldFromCamera,
    List<PackedDepth> depths) {

  /** A VGA sensor's image, every other pixel of it; its focal length in pixels. */
  static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 262.5, 262.5, 159.5, 119.5);

  static final double SENSOR_FOCAL_PIXELS = 525;
  static final int VIEWS = 20;

  /** Between views, at most: a keyframe is every other view. */
  static final double STEP_METRES = 0.12;

  static final double STEP_RADIANS = 0.12;

  /** Builds a room, walks through it and renders what the camera sees. */
  static TrainingWalk record(long roomSeed, long walkSeed) {
    ProceduralRoom room = ProceduralRoom.create(roomSeed);
    SplittableRandom random = new SplittableRandom(walkSeed);
    double pace = random.nextDouble(0.5, 1.5);
    List<SE3> poses =
        RoomViews.walk(room, random.nextLong(), VIEWS, pace * STEP_METRES, pace * STEP_RADIANS);
    SphereTracer tracer = new SphereTracer(room.scene(), room.lighting());
    List<PackedDepth> depths =
        poses.stream().map(p -> PackedDepth.of(tracer.renderDepth(CAMERA, p))).toList();
    return new TrainingWalk(room.scene(), tracer, CAMERA, poses, depths);
  }
}
