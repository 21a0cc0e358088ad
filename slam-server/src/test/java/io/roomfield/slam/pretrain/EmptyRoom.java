package io.roomfield.slam.pretrain;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Colour;
import io.roomfield.rooms.Lighting;
import io.roomfield.rooms.SceneObject;
import io.roomfield.rooms.Shape;
import io.roomfield.rooms.SignedDistanceScene;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.rooms.Texture;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import java.util.List;
import java.util.stream.IntStream;

/** An empty room of 4 x 3 x 2.5 m, a short walk through it, and networks that are tiny. */
final class EmptyRoom {
  static final GridConfig GRID = new GridConfig(DecoderFamily.NICE, 2, 0.32, 0.16, 25, true);
  static final GeometryLoss LOSS = new GeometryLoss(0.3, 0.01);

  private static final Texture GREY = p -> new Colour(0.5, 0.5, 0.5);

  private static final FamilyRecipe TINY =
      new FamilyRecipe(
          "tiny",
          new Decoder.Shape(0, 4, 8, 2, Decoder.NO_SKIP, 1),
          new Decoder.Shape(0, 8, 8, 2, Decoder.NO_SKIP, 1),
          new Decoder.Shape(0, 16, 8, 2, Decoder.NO_SKIP, 1),
          new Decoder.Shape(0, 8, 8, 2, Decoder.NO_SKIP, 3),
          16);

  private EmptyRoom() {}

  static DecoderFamily family() {
    return TINY.untrained(3);
  }

  static TrainingSet set(int views) {
    return new TrainingSet(List.of(walk(views)));
  }

  /** Along the long wall, looking across the room and turning. */
  static TrainingWalk walk(int views) {
    List<SE3> poses = IntStream.range(0, views).mapToObj(EmptyRoom::pose).toList();
    SphereTracer tracer =
        new SphereTracer(scene(), new Lighting(List.of(new Lighting.Lamp(2, 1.5, 2.3, 1))));
    List<PackedDepth> depths =
        poses.stream()
            .map(pose -> PackedDepth.of(tracer.renderDepth(TrainingWalk.CAMERA, pose)))
            .toList();
    return new TrainingWalk(scene(), tracer, TrainingWalk.CAMERA, poses, depths);
  }

  private static SE3 pose(int number) {
    return SE3.lookAt(
        new double[] {0.6 + 0.1 * number, 0.5, 1.3},
        new double[] {2 + 0.2 * number, 2.5, 0.8},
        new double[] {0, 0, 1});
  }

  private static SignedDistanceScene scene() {
    double quarter = Math.PI / 2;
    return new SignedDistanceScene(
        List.of(
            wall(0, 0, 0, 0, 0),
            wall(0, quarter, 0, 0, 0),
            wall(-quarter, 0, 0, 0, 0),
            wall(0, -quarter, 4, 0, 0),
            wall(quarter, 0, 0, 3, 0),
            wall(Math.PI, 0, 0, 0, 2.5)));
  }

  /** A half-space's surface is its z = 0; it is solid below. */
  private static SceneObject wall(double wx, double wy, double x, double y, double z) {
    return new SceneObject(new Shape.HalfSpace(), SE3.fromRotationVector(wx, wy, 0, x, y, z), GREY);
  }
}
