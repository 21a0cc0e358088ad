package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CameraPathTest {
  private static final double FRAME_SECONDS = 1.0 / 30;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void walksAtAWalkersPaceAndKeepsItsDistance(long seed) {
    FurnishedRoom room = FurnishedRoom.create(seed);
    CameraPath path = CameraPath.through(room, seed);
    SE3 before = path.worldFromCamera(0);
    double walked = 0;
    for (double t = FRAME_SECONDS; t < path.periodSeconds(); t += FRAME_SECONDS) {
      SE3 pose = path.worldFromCamera(t);
      SE3 step = before.inverse().times(pose);
      assertThat(room.scene().distance(pose.tx(), pose.ty(), pose.tz()))
          .isGreaterThanOrEqualTo(CameraPath.MIN_CLEARANCE);
      assertThat(step.translationNorm() / FRAME_SECONDS).isLessThan(CameraPath.MAX_SPEED);
      assertThat(step.rotationAngle() / FRAME_SECONDS).isLessThan(CameraPath.MAX_TURN_RATE);
      walked += step.translationNorm();
      before = pose;
    }
    assertThat(walked / path.periodSeconds()).isBetween(0.2, 0.4);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void holdsTheCameraUprightInsideTheRoom(long seed) {
    FurnishedRoom room = FurnishedRoom.create(seed);
    CameraPath path = CameraPath.through(room, seed);
    for (double t = 0; t < path.periodSeconds(); t += 0.5) {
      SE3 pose = path.worldFromCamera(t);
      assertThat(Math.abs(pose.tx())).isLessThan(room.width() / 2);
      assertThat(Math.abs(pose.ty())).isLessThan(room.length() / 2);
      assertThat(pose.rotate(0, 1, 0)[2]).as("camera y points down").isLessThan(-0.7);
    }
  }
}
