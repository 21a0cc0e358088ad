package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MotionModelTest {
  /** A handful of products of numbers of order 1 in double precision. */
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  private final SE3 initial = SE3.fromRotationVector(0.3, -0.2, 0.1, 1, 2, 3);
  private final SE3 motion = SE3.fromRotationVector(0.02, 0.05, -0.01, 0.1, -0.05, 0.02);
  private final MotionModel model = new MotionModel(initial);

  @Test
  void standsStillAtFirst() {
    assertPose(model.predict(), initial);
  }

  @Test
  void repeatsTheLastMotion() {
    SE3 next = motion.times(initial);
    model.observe(next);
    assertPose(model.predict(), motion.times(next));
    SE3 third = motion.times(motion.times(next));
    model.observe(third);
    assertPose(model.predict(), motion.times(motion.times(third)));
  }

  @Test
  void predictionDoesNotMoveTheModel() {
    model.observe(motion.times(initial));
    SE3 first = model.predict();
    assertPose(model.predict(), first);
  }

  @Test
  void standsStillOnceStopped() {
    SE3 next = motion.times(initial);
    model.observe(next);
    model.stop();
    assertPose(model.predict(), next);
    SE3 third = motion.times(next);
    model.observe(third);
    assertPose(model.predict(), motion.times(third));
  }

  @Test
  void followsTheMap() {
    SE3 newFromOld = SE3.fromRotationVector(-0.1, 0.2, 0.05, 0.3, -0.4, 0.1);
    model.observe(motion.times(initial));
    SE3 next = motion.times(motion.times(initial));
    model.moved(newFromOld);
    assertPose(model.predict(), newFromOld.times(next));
  }

  private static void assertPose(SE3 actual, SE3 expected) {
    assertThat(actual.matrix()).containsExactly(expected.matrix(), ROUNDING);
  }

  @Test
  void aCameraThatStaysLostStaysRigid() {
    MotionModel motion = new MotionModel(SE3.fromRotationVector(0.3, -1.2, 0.7, 1, 2, 3));
    for (int frame = 0; frame < 1000; frame++) {
      motion.observe(motion.predict());
      motion.stop();
    }
    SE3 pose = motion.predict();
    SE3 identity = pose.times(pose.inverse());
    // A thousand roundings of a double.
    assertThat(identity.r00()).isCloseTo(1, within(1e-12));
    assertThat(identity.r11()).isCloseTo(1, within(1e-12));
    assertThat(identity.translationNorm()).isLessThan(1e-12);
  }
}
