package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.SE3;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomViewsTest {
  private static final double STEP_METRES = 0.25;
  private static final double STEP_RADIANS = Math.toRadians(18);
  private static final double ROUNDING = 1e-9;

  @Test
  void keepsItsDistanceItsPaceAndItsBearing() {
    double walked = 0;
    double turned = 0;
    int steps = 0;
    for (int i = 0; i < 50; i++) {
      ProceduralRoom room = ProceduralRoom.create(RoomSplit.TEST.seed(i));
      List<SE3> walk = RoomViews.walk(room, i, 15, STEP_METRES, STEP_RADIANS);
      assertThat(walk).hasSize(15);
      for (int v = 0; v < walk.size(); v++) {
        checkView(room, walk.get(v));
        if (v > 0) {
          SE3 step = walk.get(v - 1).inverse().times(walk.get(v));
          assertThat(step.translationNorm()).isLessThanOrEqualTo(STEP_METRES + ROUNDING);
          assertThat(step.rotationAngle()).isLessThanOrEqualTo(STEP_RADIANS + ROUNDING);
          walked += step.translationNorm();
          turned += step.rotationAngle();
          steps++;
        }
      }
    }
    assertThat(walked / steps).as("mean step").isBetween(0.3 * STEP_METRES, STEP_METRES);
    assertThat(turned / steps).as("mean turn").isBetween(0.2 * STEP_RADIANS, STEP_RADIANS);
  }

  private static void checkView(ProceduralRoom room, SE3 pose) {
    assertThat(room.scene().distance(pose.tx(), pose.ty(), pose.tz()))
        .isGreaterThanOrEqualTo(RoomViews.MIN_CLEARANCE);
    assertThat(room.footprint().contains(pose.tx(), pose.ty())).isTrue();
    assertThat(pose.tz()).isBetween(RoomViews.MIN_HEIGHT, RoomViews.MAX_HEIGHT);
    double pitch = Math.asin(pose.r22());
    assertThat(pitch).isBetween(RoomViews.MIN_PITCH - ROUNDING, RoomViews.MAX_PITCH + ROUNDING);
    // Roll: how far the camera's x axis dips, as seen about its own optical axis.
    double roll = Math.asin(pose.r20() / Math.cos(pitch));
    assertThat(Math.abs(roll)).isLessThanOrEqualTo(RoomViews.MAX_ROLL + ROUNDING);
    assertThat(pose.r21()).as("camera y points down").isNegative();
  }

  @Test
  void followsFromTheSeed() {
    ProceduralRoom room = ProceduralRoom.create(RoomSplit.TEST.seed(0));
    List<SE3> walk = RoomViews.walk(room, 7, 12, STEP_METRES, STEP_RADIANS);
    assertThat(RoomViews.walk(room, 7, 12, STEP_METRES, STEP_RADIANS)).isEqualTo(walk);
    assertThat(RoomViews.walk(room, 8, 12, STEP_METRES, STEP_RADIANS)).isNotEqualTo(walk);
  }

  @Test
  void refusesWalksThatAreNone() {
    ProceduralRoom room = ProceduralRoom.create(RoomSplit.TEST.seed(0));
    assertThatThrownBy(() -> RoomViews.walk(room, 0, 0, 1, 1))
        .hasMessage("views: 0 (expected: > 0)");
    assertThatThrownBy(() -> RoomViews.walk(room, 0, 1, 0, 1))
        .hasMessage("steps: 0.0 m, 1.0 radians (expected: > 0)");
  }
}
