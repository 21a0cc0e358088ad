package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MotionModelTest {
  /** A handful of products of numbers of order 1 in double precision. */
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  private static final long FRAME_NANOS = 30_000_000;

  private final SE3 initial = SE3.fromRotationVector(0.3, -0.2, 0.1, 1, 2, 3);
  private final SE3 motion = SE3.fromRotationVector(0.02, 0.05, -0.01, 0.1, -0.05, 0.02);
  private final MotionModel model = new MotionModel(initial);

  /** Of the frame that was observed last. */
  private long frame;

  private void observe(SE3 pose) {
    frame++;
    model.observe(pose, FRAME_NANOS * frame);
  }

  /** For the frame after it. */
  private SE3 predict() {
    return model.predict(FRAME_NANOS * (frame + 1));
  }

  @Test
  void standsStillAtFirst() {
    assertPose(predict(), initial);
  }

  @Test
  void repeatsTheLastMotion() {
    SE3 next = motion.times(initial);
    observe(next);
    assertPose(predict(), motion.times(next));
    SE3 third = motion.times(motion.times(next));
    observe(third);
    assertPose(predict(), motion.times(motion.times(third)));
  }

  /** In the camera's axes: a turn goes on as a turn. */
  @Test
  void goesOnForAsLongAsFramesDoNotCome() {
    SE3 turn = SE3.fromRotationVector(0, 0.05, 0, 0, 0, 0);
    observe(initial);
    observe(initial.times(turn));
    assertPose(
        model.predict(FRAME_NANOS * (frame + 3)),
        initial.times(turn).times(turn).times(turn).times(turn));
    SE3 afterASecond = model.predict(FRAME_NANOS * frame + 1_000_000_000);
    assertPose(afterASecond, model.predict(FRAME_NANOS * (frame + 6)));
    assertPose(model.predict(FRAME_NANOS * frame), initial.times(turn));
  }

  /** An hour at the last velocity leads nowhere. */
  @Test
  void standsStillWhenTheClockJumps() {
    SE3 next = motion.times(initial);
    observe(next);
    assertPose(model.predict(FRAME_NANOS * frame + 3_600_000_000_000L), next);
  }

  @Test
  void predictionDoesNotMoveTheModel() {
    observe(motion.times(initial));
    SE3 first = predict();
    assertPose(predict(), first);
  }

  @Test
  void standsStillOnceStopped() {
    SE3 next = motion.times(initial);
    observe(next);
    model.stop();
    assertPose(predict(), next);
    SE3 third = motion.times(next);
    observe(third);
    assertPose(predict(), motion.times(third));
  }

  @Test
  void followsTheMap() {
    SE3 newFromOld = SE3.fromRotationVector(-0.1, 0.2, 0.05, 0.3, -0.4, 0.1);
    observe(motion.times(initial));
    SE3 next = motion.times(motion.times(initial));
    model.moved(newFromOld);
    assertPose(predict(), newFromOld.times(next));
  }

  private static void assertPose(SE3 actual, SE3 expected) {
    assertThat(actual.matrix()).containsExactly(expected.matrix(), ROUNDING);
  }

  @Test
  void aCameraThatStaysLostStaysRigid() {
    MotionModel motion = new MotionModel(SE3.fromRotationVector(0.3, -1.2, 0.7, 1, 2, 3));
    for (int frame = 0; frame < 1000; frame++) {
      motion.observe(motion.predict(frame), frame);
      motion.stop();
    }
    SE3 pose = motion.predict(1000);
    SE3 identity = pose.times(pose.inverse());
    // A thousand roundings of a double.
    assertThat(identity.r00()).isCloseTo(1, within(1e-12));
    assertThat(identity.r11()).isCloseTo(1, within(1e-12));
    assertThat(identity.translationNorm()).isLessThan(1e-12);
  }
}
