package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ViewOverlapTest {
  private static final PlaneScene WALL = PlaneScene.wall(2, PlaneScene.PLAIN);
  private static final FramePyramid VIEW = WALL.pyramid(SE3.IDENTITY);

  @Test
  void aViewSeesAllOfItself() {
    assertThat(ViewOverlap.share(VIEW, VIEW, SE3.IDENTITY)).isEqualTo(1);
  }

  @Test
  void aShiftByHalfTheImageLeavesHalf() {
    // 320 pixels at 2 m are 2.44 m; every tenth of the coarsest level's columns is looked at.
    SE3 shifted = SE3.fromRotationVector(0, 0, 0, 1.22, 0, 0);
    assertThat(ViewOverlap.share(VIEW, VIEW, shifted)).isCloseTo(0.5, within(0.1));
  }

  @Test
  void viewsBackToBackShareNothing() {
    SE3 turned = SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0);
    assertThat(ViewOverlap.share(VIEW, VIEW, turned)).isZero();
  }

  @Test
  void aSurfaceBehindAnotherIsNotSeen() {
    FramePyramid nearer = PlaneScene.wall(1, PlaneScene.PLAIN).pyramid(SE3.IDENTITY);
    assertThat(ViewOverlap.share(VIEW, nearer, SE3.IDENTITY)).isZero();
    assertThat(ViewOverlap.share(nearer, VIEW, SE3.IDENTITY)).isZero();
  }

  @Test
  void onlyReadingsCount() {
    float[] depth = WALL.depth(SE3.IDENTITY);
    Arrays.fill(depth, 0, depth.length / 2, 0);
    FramePyramid half = FramePyramid.of(PlaneScene.CAMERA, depth, WALL.rgb(SE3.IDENTITY, 0));
    assertThat(ViewOverlap.share(half, VIEW, SE3.IDENTITY)).isEqualTo(1);
    // Every fourth row of 30, from the third on: 2, 6, 10 and 14 of 7.
    assertThat(ViewOverlap.share(VIEW, half, SE3.IDENTITY)).isCloseTo(3.0 / 7, within(1e-12));
    FramePyramid none =
        FramePyramid.of(PlaneScene.CAMERA, new float[depth.length], new byte[3 * depth.length]);
    assertThat(ViewOverlap.share(none, VIEW, SE3.IDENTITY)).isZero();
  }
}
