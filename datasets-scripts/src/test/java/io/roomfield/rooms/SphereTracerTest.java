package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import java.util.List;
import org.junit.jupiter.api.Test;

class SphereTracerTest {
  private static final Texture GREY = point -> new Colour(0.5, 0.5, 0.5);
  private static final Lighting AMBIENT = new Lighting(List.of());
  private static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 131, 133, 79.5, 58.5);

  private static float[] depth(SceneObject object, SE3 worldFromCamera) {
    SignedDistanceScene scene = new SignedDistanceScene(List.of(object));
    return new SphereTracer(scene, AMBIENT).render(CAMERA, worldFromCamera).depthMetres();
  }

  private static double rayX(int pixel) {
    return (pixel % CAMERA.width() - CAMERA.cx()) / CAMERA.fx();
  }

  private static double rayY(int pixel) {
    return (Math.floorDiv(pixel, CAMERA.width()) - CAMERA.cy()) / CAMERA.fy();
  }

  @Test
  void depthOfASlantedPlaneIsItsIntersection() {
    SE3 pose =
        SE3.lookAt(new double[] {0.3, -2, 1.5}, new double[] {0, 0, 0}, new double[] {0, 0, 1});
    float[] depth = depth(new SceneObject(new Shape.HalfSpace(), SE3.IDENTITY, GREY), pose);
    for (int i = 0; i < depth.length; i++) {
      double sink = pose.rotate(rayX(i), rayY(i), 1)[2];
      if (sink < 0) {
        assertThat((double) depth[i])
            .isCloseTo(-1.5 / sink, within(1e-3)); // 1 mm: a unit of raw depth
      } else {
        assertThat(depth[i]).isZero();
      }
    }
  }

  @Test
  void depthOfASphereIsItsIntersection() {
    double radius = 0.5;
    SE3 worldFromSphere = SE3.fromRotationVector(0.3, 0.2, 0.1, 0.2, -0.1, 2);
    float[] depth =
        depth(new SceneObject(new Shape.Sphere(radius), worldFromSphere, GREY), SE3.IDENTITY);
    int hits = 0;
    for (int i = 0; i < depth.length; i++) {
      double a = rayX(i);
      double b = rayY(i);
      double dd = a * a + b * b + 1;
      double dc = a * 0.2 - b * 0.1 + 2;
      double discriminant = dc * dc - dd * (0.04 + 0.01 + 4 - radius * radius);
      // Rays that graze the sphere meet it at an ill-conditioned depth: left out.
      if (discriminant > 1e-3) {
        assertThat((double) depth[i])
            .isCloseTo(
                (dc - Math.sqrt(discriminant)) / dd, within(1e-3)); // 1 mm: a unit of raw depth
        hits++;
      } else if (discriminant < -1e-3) {
        assertThat(depth[i]).isZero();
      }
    }
    assertThat(hits).isGreaterThan(1000);
  }

  @Test
  void everyPixelOfARoomLiesOnItsSurface() {
    FurnishedRoom room = FurnishedRoom.create(7);
    SphereTracer tracer = new SphereTracer(room.scene(), room.lighting());
    SE3 pose = CameraPath.through(room, 7).worldFromCamera(2);
    SphereTracer.View view = tracer.render(CAMERA, pose);
    for (int i = 0; i < view.depthMetres().length; i++) {
      double z = view.depthMetres()[i];
      double[] p = pose.apply(rayX(i) * z, rayY(i) * z, z);
      assertThat(z).as("pixel %d", i).isPositive();
      assertThat(room.scene().distance(p[0], p[1], p[2]))
          .isCloseTo(0, within(1e-3)); // 1 mm: a unit of raw depth
    }
  }

  @Test
  void surfacesFacingALampAreBrighter() {
    SceneObject wall =
        new SceneObject(
            new Shape.HalfSpace(), SE3.fromRotationVector(Math.PI, 0, 0, 0, 0, 2), GREY);
    SignedDistanceScene scene = new SignedDistanceScene(List.of(wall));
    Lighting lamp = new Lighting(List.of(new Lighting.Lamp(0, 0, 1, 0.5)));
    byte[] lit = new SphereTracer(scene, lamp).render(CAMERA, SE3.IDENTITY).rgb();
    byte[] unlit = new SphereTracer(scene, AMBIENT).render(CAMERA, SE3.IDENTITY).rgb();
    int middle = 3 * (60 * CAMERA.width() + 80);
    assertThat(lit[middle] & 0xFF).isGreaterThan(unlit[middle] & 0xFF);
    assertThat(lit[middle] & 0xFF).isGreaterThan(lit[0] & 0xFF);
  }

  @Test
  void depthAloneIsThatOfTheWholeView() {
    FurnishedRoom room = FurnishedRoom.create(3);
    sameDepth(room.scene(), CameraPath.through(room, 3).worldFromCamera(5));
    for (int seed = 0; seed < 5; seed++) {
      ProceduralRoom other = ProceduralRoom.create(seed);
      sameDepth(other.scene(), RoomViews.walk(other, seed, 1, 1, 1).get(0));
    }
  }

  private static void sameDepth(SignedDistanceScene scene, SE3 pose) {
    SphereTracer tracer = new SphereTracer(scene, AMBIENT);
    float[] whole = tracer.render(CAMERA, pose).depthMetres();
    float[] alone = tracer.renderDepth(CAMERA, pose);
    int differing = 0;
    for (int i = 0; i < whole.length; i++) {
      differing += Math.abs(alone[i] - whole[i]) > 1e-4 ? 1 : 0; // both stop within 1e-6 of it
    }
    // Rays that graze an edge may meet it or miss it by rounding.
    assertThat(differing).isLessThan(whole.length / 1000);
  }
}
