package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanViewTest {
  /** Double precision on coordinates of a few metres. */
  private static final double ROUNDING = 1e-12;

  @Test
  void worldOfTheFirstCameraIsSeenAlongItsYAxis() {
    PlanView plan = PlanView.of(List.of(new TimedPose(0, SE3.IDENTITY)));
    SE3 moved = SE3.fromRotationVector(0, 0, 0, 2, -7, 3);
    assertThat(plan.metresRight(moved)).isEqualTo(2, within(ROUNDING));
    assertThat(plan.metresForward(moved)).isEqualTo(3, within(ROUNDING));
  }

  @Test
  void worldWithZUpIsSeenAlongItsZAxis() {
    // looking along the world's x and down by 0.5; then as much up
    SE3 down = SE3.lookAt(new double[] {1, 1, 1}, new double[] {2, 1, 0.5}, new double[] {0, 0, 1});
    SE3 up = SE3.lookAt(new double[] {1, 1, 1}, new double[] {2, 1, 1.5}, new double[] {0, 0, 1});
    PlanView plan = PlanView.of(List.of(new TimedPose(0, down), new TimedPose(1, up)));
    assertThat(plan.up()).containsExactly(new double[] {0, 0, 1}, within(ROUNDING));
    SE3 moved = SE3.fromRotationVector(0, 0, 0, 4, -1, 9);
    assertThat(plan.metresForward(moved)).isEqualTo(3, within(ROUNDING));
    assertThat(plan.metresRight(moved)).isEqualTo(2, within(ROUNDING));
  }

  @Test
  void opposedUpsFallBackToTheFirstCamera() {
    SE3 upsideDown = SE3.fromRotationVector(0, 0, Math.PI, 0, 0, 0);
    PlanView plan =
        PlanView.of(List.of(new TimedPose(0, SE3.IDENTITY), new TimedPose(1, upsideDown)));
    assertThat(plan.up()).containsExactly(new double[] {0, -1, 0}, within(ROUNDING));
  }

  @Test
  void cameraThatLooksStraightDownHasItsOwnUpAsForward() {
    SE3 straightDown =
        SE3.lookAt(new double[] {0, 0, 2}, new double[] {0, 0, 0}, new double[] {1, 0, 0});
    SE3 level = SE3.lookAt(new double[] {0, 0, 2}, new double[] {0, 1, 2}, new double[] {0, 0, 1});
    SE3 opposite =
        SE3.lookAt(new double[] {0, 0, 2}, new double[] {0, 0, 0}, new double[] {-1, 0, 0});
    PlanView plan =
        PlanView.of(
            List.of(
                new TimedPose(0, straightDown),
                new TimedPose(1, level),
                new TimedPose(2, opposite)));
    assertThat(plan.up()).containsExactly(new double[] {0, 0, 1}, within(ROUNDING));
    assertThat(plan.forward()).containsExactly(new double[] {1, 0, 0}, within(ROUNDING));
  }
}
