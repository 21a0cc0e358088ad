package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SignedDistanceSceneTest {
  private static final Texture GREY = point -> new Colour(0.5, 0.5, 0.5);

  private static List<SceneObject> clutter(SplittableRandom random) {
    List<SceneObject> objects = new ArrayList<>();
    objects.add(new SceneObject(new Shape.HalfSpace(), SE3.IDENTITY, GREY));
    for (int i = 0; i < 60; i++) {
      double[] r = random.doubles(9, 0.05, 1).toArray();
      Shape shape =
          switch (i % 3) {
            case 0 -> new Shape.Box(r[0], r[1], r[2], 0.01);
            case 1 -> new Shape.Cylinder(r[0] / 2, r[1]);
            default -> new Shape.Sphere(r[0] / 2);
          };
      SE3 pose =
          SE3.fromRotationVector(
              6 * r[3], 6 * r[4], 6 * r[5], 4 * r[6] - 2, 4 * r[7] - 2, 2 * r[8]);
      objects.add(new SceneObject(shape, pose, GREY));
    }
    return objects;
  }

  @Test
  void distanceIsTheLeastOfItsObjectsInsideAndOut() {
    SplittableRandom random = new SplittableRandom(1);
    List<SceneObject> objects = clutter(random);
    SignedDistanceScene scene = new SignedDistanceScene(objects);
    for (int i = 0; i < 2000; i++) {
      double x = random.nextDouble(-3, 3);
      double y = random.nextDouble(-3, 3);
      double z = random.nextDouble(-1, 3);
      double least = objects.stream().mapToDouble(o -> o.distance(x, y, z)).min().orElseThrow();
      assertThat(scene.distance(x, y, z)).isEqualTo(least);
    }
  }

  @Test
  void traceFindsTheNearestHitOfAllObjects() {
    SplittableRandom random = new SplittableRandom(2);
    List<SceneObject> objects = clutter(random);
    SignedDistanceScene scene = new SignedDistanceScene(objects);
    for (int i = 0; i < 2000; i++) {
      double[] d = random.doubles(3, -1, 1).toArray();
      Ray ray = Ray.towards(new double[] {0, 0, 4}, d);
      double least = objects.stream().mapToDouble(o -> o.intersect(ray, 50)).min().orElseThrow();
      assertThat(scene.trace(ray, 50).t()).isEqualTo(least);
    }
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new SignedDistanceScene(List.of()))
        .hasMessage("objects: none (expected: at least 1)");
  }
}
