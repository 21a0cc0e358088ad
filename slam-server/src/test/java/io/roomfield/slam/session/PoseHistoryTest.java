package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.StoredKeyframes;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PoseHistoryTest {
  /** A handful of products of numbers of order 1 in double precision. */
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  private static final SE3 CORRECTION = SE3.fromRotationVector(0.01, -0.02, 0.03, 0.1, 0.2, -0.1);

  private final KeyframeStore keyframes = new KeyframeStore();
  private final PoseHistory history = new PoseHistory(keyframes);

  @Test
  void framesBeforeTheFirstKeyframeStay() {
    history.add(result(0));
    keyframe(0);
    assertPose(history.pose(0).orElseThrow(), SmallRoom.pose(0));
    assertThat(history.pose(1)).isEmpty();
  }

  @Test
  void framesMoveWithTheNewestKeyframeOfTheirTime() {
    Keyframe first = keyframe(0);
    history.add(result(1));
    keyframe(2);
    history.add(result(3));
    StoredKeyframes.move(first, CORRECTION.times(SmallRoom.pose(0)));
    assertPose(history.pose(1).orElseThrow(), CORRECTION.times(SmallRoom.pose(1)));
    assertPose(history.pose(3).orElseThrow(), SmallRoom.pose(3));
    assertPose(history.latestPose(), SmallRoom.pose(3));
  }

  /** What was told of a frame's odometry stays true when its keyframe moves. */
  @Test
  void odometryStaysWhenFramesMove() {
    Keyframe first = keyframe(0);
    history.add(result(1));
    StoredKeyframes.move(first, CORRECTION.times(SmallRoom.pose(0)));
    TrackingResult moved = history.trajectory().newest().orElseThrow();
    assertPose(moved.odometryFromCamera(), SmallRoom.pose(1));
    assertPose(moved.mapFromOdometry(), CORRECTION);
  }

  @Test
  void aRefinedPoseReplacesTheTrackedOneAndFollowsItsOwnKeyframe() {
    keyframe(0);
    history.add(result(1));
    history.add(result(2));
    SE3 refined = CORRECTION.times(SmallRoom.pose(1));
    Keyframe own = keyframes.add(SmallRoom.frame(1), refined);
    history.refine(1, refined);
    assertPose(history.pose(1).orElseThrow(), refined);
    StoredKeyframes.move(own, SmallRoom.pose(1));
    assertPose(history.pose(1).orElseThrow(), SmallRoom.pose(1));
    assertPose(history.latestPose(), SmallRoom.pose(2));
    history.refine(99, refined);
    assertThat(history.pose(99)).as("never tracked").isEmpty();
  }

  /** A checkpoint up to the frame has no keyframe of a later one. */
  @Test
  void aRefinedPoseDoesNotReferToAKeyframeOfALaterFrame() {
    keyframe(0);
    history.add(result(1));
    keyframe(2); // before frame 1 had its round
    history.refine(1, SmallRoom.pose(1));
    assertThat(history.changedUpTo(1)).extracting(KeptPose::reference).containsExactly(0);
  }

  @Test
  void theTrajectoryIsAPictureInOrder() {
    assertThat(history.trajectory().poses()).isEmpty();
    Keyframe first = keyframe(0);
    history.add(result(1));
    history.add(result(2));
    Trajectory before = history.trajectory();
    StoredKeyframes.move(first, CORRECTION.times(SmallRoom.pose(0)));
    history.add(result(3));
    assertThat(before.poses()).extracting(TrackingResult::sequenceNumber).containsExactly(1L, 2L);
    assertPose(before.poses().get(0).worldFromCamera(), SmallRoom.pose(1));
    assertPose(
        history.trajectory().poses().get(0).worldFromCamera(), CORRECTION.times(SmallRoom.pose(1)));
    assertThat(history.trajectory().poses()).hasSize(3);
  }

  @Test
  void roundingDoesNotGrowFromKeyframeToKeyframe() {
    keyframe(0);
    // Without normalising, 2^100 rounding errors.
    for (int number = 1; number <= 100; number++) {
      history.add(result(1));
      SE3 pose = history.pose(1).orElseThrow();
      keyframes.add(SmallRoom.frame(1), pose);
      assertPose(pose, SmallRoom.pose(1));
    }
  }

  private Keyframe keyframe(int number) {
    return keyframes.add(SmallRoom.frame(number), SmallRoom.pose(number));
  }

  static TrackingResult result(int number) {
    return new TrackingResult(
        number,
        SmallRoom.frame(number).timestampNanos(),
        SmallRoom.pose(number),
        SE3.IDENTITY,
        TrackingStatus.TRACKING,
        "",
        true,
        new double[36],
        0,
        0,
        0);
  }

  private static void assertPose(SE3 actual, SE3 expected) {
    assertThat(actual.matrix()).containsExactly(expected.matrix(), ROUNDING);
  }
}
