package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.session.EngineState.KeptKeyframe;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostKeyframesTest {
  private static final int FRAMES_A_KEYFRAME = 3;
  private static final int KEYFRAMES = 4;

  /** Products of a handful of poses of order 1 in double precision. */
  private static final double ROUNDING = 1e-12;

  /** Where loops have moved the keyframes from the third on. */
  private static final SE3 MOVED = SE3.fromRotationVector(0.02, -0.01, 0.03, 0.3, 0.1, -0.2);

  private static SE3 tracked(int frame) {
    return SmallRoom.pose(frame);
  }

  private static SE3 now(int frame) {
    return frame < 2 * FRAMES_A_KEYFRAME ? tracked(frame) : MOVED.times(tracked(frame));
  }

  private static KeptKeyframe keyframe(int id) {
    int frame = id * FRAMES_A_KEYFRAME;
    return new KeptKeyframe(id, frame, 10L * frame, now(frame));
  }

  /** Each relative to the keyframe before it; a keyframe's own frame to itself. */
  private static List<KeptPose> poses() {
    List<KeptPose> poses = new ArrayList<>();
    for (int frame = 0; frame < KEYFRAMES * FRAMES_A_KEYFRAME; frame++) {
      int reference = frame / FRAMES_A_KEYFRAME;
      SE3 keyframe = now(reference * FRAMES_A_KEYFRAME);
      TrackingResult result =
          new TrackingResult(
              frame,
              10L * frame,
              tracked(frame),
              SE3.IDENTITY,
              TrackingStatus.TRACKING,
              "",
              true,
              new double[36],
              0,
              0,
              0);
      poses.add(new KeptPose(result, reference, keyframe.inverse().times(now(frame))));
    }
    return poses;
  }

  private static List<KeptKeyframe> without(int... lost) {
    List<KeptKeyframe> left = new ArrayList<>();
    for (int id = 0; id < KEYFRAMES; id++) {
      left.add(keyframe(id));
    }
    for (int id : lost) {
      left.removeIf(keyframe -> keyframe.id() == id);
    }
    return left;
  }

  private static void assertNear(SE3 actual, SE3 expected) {
    SE3 difference = expected.inverse().times(actual);
    assertThat(difference.translationNorm()).isLessThan(ROUNDING);
    assertThat(difference.rotationAngle()).isLessThan(Math.sqrt(ROUNDING)); // of an arc cosine
  }

  @Test
  void thoseThatAreThereStayAsTheyAre() {
    assertThat(LostKeyframes.replaced(without(), KEYFRAMES, poses())).isEqualTo(without());
    assertThat(LostKeyframes.replaced(without(), 2, poses())).isEqualTo(without(2, 3));
  }

  /** Ids stay, and poses are those of the frames around: here one is lost before a loop's seam. */
  @Test
  void aLostOneHasAStandInWhereItWas() {
    for (int lost : new int[] {0, 1, 3}) {
      List<KeptKeyframe> all = LostKeyframes.replaced(without(lost), KEYFRAMES, poses());
      assertThat(all).extracting(KeptKeyframe::id).containsExactly(0, 1, 2, 3);
      assertThat(all).containsAll(without(lost));
      assertNear(all.get(lost).worldFromCamera(), now(lost * FRAMES_A_KEYFRAME));
      assertThat(all.get(lost).sequenceNumber()).as("no frame's").isEqualTo(-1 - lost);
    }
  }

  @Test
  void withoutFramesItStandsWithTheOneBeforeIt() {
    List<KeptKeyframe> all = LostKeyframes.replaced(without(2, 3), KEYFRAMES, List.of());
    assertThat(all).hasSize(KEYFRAMES);
    assertThat(all.get(3).worldFromCamera()).isEqualTo(keyframe(1).worldFromCamera());
  }

  @Test
  void aStateThatMissesMoreThanThereCanBeIsRefused() {
    assertThatThrownBy(() -> LostKeyframes.replaced(without(), Integer.MAX_VALUE, poses()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2147483643 of 2147483647 keyframes are lost (expected: at most 1000)");
  }
}
