package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.alignment.Alignment;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.StoredKeyframes;
import org.junit.jupiter.api.Test;

class FrontEndTest {
  /** A pixel of the pyramid's only level is 4 cm wide at 1.7 m; a tenth of it. */
  private static final double METRES = 0.004;

  private static final double RADIANS = 0.003;

  /** From the other end of the room: nothing of the corner that the walk looks at. */
  private static final SE3 AWAY =
      SE3.lookAt(new double[] {0.8, 0.8, 1.3}, new double[] {2.2, 2.3, 1}, new double[] {0, 0, 1});

  private final KeyframeStore keyframes = new KeyframeStore();

  /** One reference, so that a wrong choice shows. */
  private final FrontEnd frontEnd =
      new FrontEnd(new AlignmentConfig(1, 0.03, 0.15, 10, false), SmallRoom.CAMERA, keyframes);

  private final SE3 truth = SmallRoom.pose(2);

  /** 3 cm and a degree off. */
  private final SE3 predicted = truth.perturbed(0.02, -0.015, 0.015, 0.01, -0.01, 0.01);

  @Test
  void withoutKeyframesThereIsNothingToAlignWith() {
    assertThat(frontEnd.align(SmallRoom.frame(2), predicted)).isEmpty();
    assertThat(frontEnd.isNewView(truth)).isTrue();
  }

  @Test
  void aKeyframeThatSeesNothingOfTheFrameIsNoReference() {
    keyframes.add(SmallRoom.frame(100, AWAY), AWAY);
    assertThat(frontEnd.align(SmallRoom.frame(2), predicted)).isEmpty();
  }

  @Test
  void alignsWithTheKeyframeThatSeesMostHoweverOld() {
    keyframes.add(SmallRoom.frame(0), SmallRoom.pose(0));
    // Of half the view, and three centimetres out of place.
    SE3 aside = SmallRoom.pose(0).perturbed(0, 0, 0, 0, 0, 0.4);
    keyframes.add(SmallRoom.frame(101, aside), aside.perturbed(0.03, 0, 0, 0, 0, 0));
    keyframes.add(SmallRoom.frame(100, AWAY), AWAY);
    assertNear(align(), truth);
  }

  @Test
  void followsTheWalkFromItsFirstFrame() {
    keyframes.add(SmallRoom.frame(0), SmallRoom.pose(0));
    for (int number = 2; number <= 10; number += 2) {
      SE3 found =
          frontEnd
              .align(SmallRoom.frame(number), SmallRoom.pose(number - 2))
              .map(Alignment::worldFromCamera)
              .orElseThrow();
      assertNear(found, SmallRoom.pose(number));
    }
  }

  @Test
  void framesMoveWithTheirKeyframes() {
    Keyframe keyframe = keyframes.add(SmallRoom.frame(0), SmallRoom.pose(0));
    assertNear(align(), truth);
    SE3 moved = SE3.fromRotationVector(0, 0, 0.002, 0.01, -0.01, 0);
    StoredKeyframes.move(keyframe, moved.times(SmallRoom.pose(0)));
    assertNear(align(), moved.times(truth));
  }

  @Test
  void aViewIsNewFarFromAllKeyframes() {
    SE3 first = SmallRoom.pose(0);
    SE3 second = first.perturbed(0.2, 0, 0, 0, 0, 0);
    keyframes.add(SmallRoom.frame(0), first);
    assertThat(frontEnd.isNewView(first)).isFalse();
    assertThat(frontEnd.isNewView(first.perturbed(0.149, 0, 0, 0, 0, 0))).isFalse();
    assertThat(frontEnd.isNewView(first.perturbed(0.151, 0, 0, 0, 0, 0))).isTrue();
    assertThat(frontEnd.isNewView(first.perturbed(0, 0, 0, 0, Math.toRadians(9.9), 0))).isFalse();
    assertThat(frontEnd.isNewView(first.perturbed(0, 0, 0, 0, Math.toRadians(10.1), 0))).isTrue();
    keyframes.add(SmallRoom.frame(1), second);
    assertThat(frontEnd.isNewView(first.perturbed(0.151, 0, 0, 0, 0, 0))).isFalse();
  }

  private SE3 align() {
    return frontEnd
        .align(SmallRoom.frame(2), predicted)
        .map(Alignment::worldFromCamera)
        .orElseThrow();
  }

  private static void assertNear(SE3 found, SE3 expected) {
    SE3 error = expected.inverse().times(found);
    assertThat(error.translationNorm()).as("metres off").isLessThan(METRES);
    assertThat(error.rotationAngle()).as("radians off").isLessThan(RADIANS);
  }
}
