package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.BoundingVolumeHierarchy.Hit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProceduralRoomTest {
  private static final int ROOMS = 50;
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 525, 525, 319.5, 239.5).scaledTo(80, 60);

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      seeds.add(RoomSplit.TEST.seed(i));
    }
    return seeds;
  }

  @Test
  void everythingFollowsFromTheSeed() {
    long seed = RoomSplit.TRAINING.seed(4);
    ProceduralRoom first = ProceduralRoom.create(seed);
    ProceduralRoom again = ProceduralRoom.create(seed);
    ProceduralRoom other = ProceduralRoom.create(seed + 1);
    SE3 pose = RoomViews.walk(first, 1, 3, 0.3, 0.3).get(2);
    SphereTracer.View view = new SphereTracer(first.scene(), first.lighting()).render(CAMERA, pose);
    SphereTracer.View same = new SphereTracer(again.scene(), again.lighting()).render(CAMERA, pose);
    assertThat(same.depthMetres()).isEqualTo(view.depthMetres());
    assertThat(same.rgb()).isEqualTo(view.rgb());
    assertThat(again.features()).isEqualTo(first.features());
    assertThat(other.max()).isNotEqualTo(first.max());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void distanceChangesItsSignWhereRaysHit(long seed) {
    ProceduralRoom room = ProceduralRoom.create(seed);
    SignedDistanceScene scene = room.scene();
    double millimetre = 1e-3; // nothing in a room is thinner than 3 mm
    int hits = 0;
    int unit = 0;
    for (SE3 pose : RoomViews.walk(room, seed, 3, 0.5, 0.6)) {
      double[] eye = {pose.tx(), pose.ty(), pose.tz()};
      for (int i = 0; i < CAMERA.width() * CAMERA.height(); i += 37) {
        double a = (i % CAMERA.width() - CAMERA.cx()) / CAMERA.fx();
        double b = (Math.floorDiv(i, CAMERA.width()) - CAMERA.cy()) / CAMERA.fy();
        Ray ray = Ray.towards(eye, pose.rotate(a, b, 1));
        Hit hit = scene.trace(ray, SphereTracer.MAX_DISTANCE);
        if (hit.object() == null) {
          continue;
        }
        double[] p = at(ray, hit.t());
        double[] n = hit.object().normal(p[0], p[1], p[2]);
        double[] before = at(ray, hit.t() - millimetre);
        assertThat(scene.distance(before[0], before[1], before[2])).isPositive();
        assertThat(
                scene.distance(
                    p[0] - millimetre * n[0], p[1] - millimetre * n[1], p[2] - millimetre * n[2]))
            .as("behind %s", Arrays.toString(p))
            .isNegative();
        hits++;
        unit += Math.abs(gradient(scene, at(ray, hit.t() - 0.01)) - 1) < 1e-3 ? 1 : 0;
      }
    }
    assertThat(hits).isGreaterThan(200);
    // The gradient jumps where two surfaces are equally near: a few points lie there.
    assertThat(unit).isGreaterThan((int) (0.98 * hits));
  }

  private static double[] at(Ray ray, double t) {
    return new double[] {ray.ox + t * ray.dx, ray.oy + t * ray.dy, ray.oz + t * ray.dz};
  }

  private static double gradient(SignedDistanceScene scene, double[] p) {
    double h = 1e-5;
    double gx = scene.distance(p[0] + h, p[1], p[2]) - scene.distance(p[0] - h, p[1], p[2]);
    double gy = scene.distance(p[0], p[1] + h, p[2]) - scene.distance(p[0], p[1] - h, p[2]);
    double gz = scene.distance(p[0], p[1], p[2] + h) - scene.distance(p[0], p[1], p[2] - h);
    return Math.sqrt(gx * gx + gy * gy + gz * gz) / (2 * h);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void wallsFloorAndCeilingAreSolid(long seed) {
    ProceduralRoom room = ProceduralRoom.create(seed);
    Footprint footprint = room.footprint();
    double inside = 0.05; // thinner than any wall
    for (int corner = 0; corner < footprint.walls(); corner++) {
      // Openings keep away from corners: behind them is masonry, at all heights.
      double[] c = footprint.corner(corner);
      double[] one = footprint.worldFromWall(corner).rotate(0, -1, 0);
      double[] two =
          footprint.worldFromWall(Math.floorMod(corner - 1, footprint.walls())).rotate(0, -1, 0);
      double norm = Math.hypot(one[0] + two[0], one[1] + two[1]);
      double x = c[0] + inside * (one[0] + two[0]) / norm;
      double y = c[1] + inside * (one[1] + two[1]) / norm;
      for (double z = 0.1; z < room.max()[2]; z += 0.3) {
        assertThat(room.scene().distance(x, y, z)).as("corner %d", corner).isNegative();
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50; i++) {
      double[] p = footprint.point(random);
      assertThat(room.scene().distance(p[0], p[1], -inside)).isNegative();
      assertThat(room.scene().distance(p[0], p[1], room.max()[2] + inside)).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void furnitureStandsInsideWithoutMeeting(long seed) {
    ProceduralRoom room = ProceduralRoom.create(seed);
    List<PlanBox> pieces = room.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      PlanBox piece = pieces.get(i);
      assertThat(room.footprint().contains(piece)).isTrue();
      double under = piece.bottom() - 0.15; // a sofa's lowest part is 6 cm up, a step 17 cm high
      // A piece may end where its platform does: looked at a millimetre within.
      for (double[] c : piece.grownBy(-0.001).corners()) {
        assertThat(room.scene().distance(c[0], c[1], under)).as("floor under it").isNegative();
      }
      for (int j = 0; j < i; j++) {
        assertThat(piece.overlaps(pieces.get(j))).isFalse();
      }
    }
  }

  @Test
  void roomsDiffer() {
    Map<ProceduralRoom.Feature, Integer> counts = new EnumMap<>(ProceduralRoom.Feature.class);
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    int pieces = 0;
    int rooms = 200;
    for (int i = 0; i < rooms; i++) {
      ProceduralRoom room = ProceduralRoom.create(RoomSplit.VALIDATION.seed(i));
      room.features().forEach(feature -> counts.merge(feature, 1, Integer::sum));
      smallest = Math.min(smallest, room.footprint().area());
      largest = Math.max(largest, room.footprint().area());
      pieces += room.pieces().size();
    }
    for (ProceduralRoom.Feature feature : ProceduralRoom.Feature.values()) {
      assertThat(counts.getOrDefault(feature, 0)).as("%s", feature).isBetween(8, 180);
    }
    assertThat(smallest).isLessThan(12);
    assertThat(largest).isGreaterThan(35);
    assertThat(pieces / rooms).as("pieces on the floor, on average").isBetween(5, 20);
  }
}
