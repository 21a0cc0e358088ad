package io.roomfield.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ViewOverlapTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(80, 60, 66, 66, 39.5, 29.5);
  private static final float[] VIEW = wall(2);

  private static float[] wall(float metres) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(depth, metres);
    return depth;
  }

  private static double share(float[] view, float[] other, SE3 otherFromCamera) {
    return ViewOverlap.share(CAMERA, view, other, otherFromCamera);
  }

  @Test
  void aViewSeesAllOfItself() {
    assertThat(share(VIEW, VIEW, SE3.IDENTITY)).isEqualTo(1);
  }

  @Test
  void aShiftByHalfTheImageLeavesHalf() {
    // 80 pixels at 2 m are 2.42 m; twenty columns are looked at.
    SE3 shifted = SE3.fromRotationVector(0, 0, 0, 1.21, 0, 0);
    assertThat(share(VIEW, VIEW, shifted)).isCloseTo(0.5, within(0.05));
  }

  @Test
  void viewsBackToBackShareNothing() {
    assertThat(share(VIEW, VIEW, SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0))).isZero();
  }

  @Test
  void aSurfaceBehindAnotherIsNotSeen() {
    assertThat(share(VIEW, wall(1), SE3.IDENTITY)).isZero();
    assertThat(share(wall(1), VIEW, SE3.IDENTITY)).isZero();
  }

  @Test
  void onlyReadingsCount() {
    float[] half = VIEW.clone();
    Arrays.fill(half, 0, half.length / 2, 0);
    assertThat(share(half, VIEW, SE3.IDENTITY)).isEqualTo(1);
    // Every fourth row of 60, from the third on; 2 to 26 are empty, 30 to 58 are not.
    assertThat(share(VIEW, half, SE3.IDENTITY)).isCloseTo(8.0 / 15, within(1e-12));
    assertThat(share(new float[VIEW.length], VIEW, SE3.IDENTITY)).isZero();
  }
}
