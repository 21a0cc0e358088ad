package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.config.MappingConfig.KeyframeChoice;
import io.roomfield.slam.render.FramePixels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class KeyframeSelectorTest {
  private static final PinholeCamera CAMERA = SmallRoom.CAMERA;

  /** The method's: points so near the image's edge do not count. */
  private static final int MARGIN_PIXELS = 20;

  private static final SE3 VIEW = SmallRoom.pose(0);
  private static final FramePixels FRAME = SmallRoom.pixels(SmallRoom.frame(0));

  /** Half a turn about the camera's own vertical axis. */
  private static final SE3 OPPOSITE = VIEW.times(SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0));

  private final KeyframeSelector selector =
      new KeyframeSelector(CAMERA, KeyframeChoice.OVERLAPPING);

  @Test
  void anIdenticalViewSeesWhatIsInsideItsMargin() {
    int inside = 0;
    List<double[]> points = new ArrayList<>();
    for (int v = 0; v < CAMERA.height(); v++) {
      for (int u = 0; u < CAMERA.width(); u++) {
        double z = FRAME.depthMetres()[v * CAMERA.width() + u];
        double[] p = {z * (u - CAMERA.cx()) / CAMERA.fx(), z * (v - CAMERA.cy()) / CAMERA.fy(), z};
        points.add(VIEW.apply(p[0], p[1], p[2]));
        boolean inMargin = Math.min(u, CAMERA.width() - 1 - u) >= MARGIN_PIXELS;
        inMargin &= Math.min(v, CAMERA.height() - 1 - v) >= MARGIN_PIXELS;
        inside += inMargin ? 1 : 0;
      }
    }
    // A pixel on the margin's edge may round to either side: its outline is 176 of 6912 pixels.
    assertThat(selector.score(keyframe(0, VIEW), points))
        .isEqualTo((double) inside / points.size(), Offset.offset(176.0 / 6912));
  }

  @Test
  void allMeansThoseThatSeeNothingOfTheViewAsWell() {
    List<Keyframe> candidates = List.of(keyframe(0, VIEW), keyframe(1, OPPOSITE));
    KeyframeSelector fromAll = new KeyframeSelector(CAMERA, KeyframeChoice.ALL);
    assertThat(fromAll.select(FRAME, VIEW, candidates, 5, new SplittableRandom(1)))
        .containsExactlyElementsOf(candidates);
    assertThat(fromAll.select(FRAME, VIEW, candidates, 1, new SplittableRandom(1))).hasSize(1);
    assertThat(selector.select(FRAME, VIEW, candidates, 5, new SplittableRandom(1)))
        .containsExactly(candidates.getFirst());
  }

  @Test
  void scoresAreTheShareOfPointsInside() {
    List<double[]> points =
        List.of(
            VIEW.apply(0, 0, 1),
            VIEW.apply(0.1, -0.1, 2),
            VIEW.apply(0, 0, -1),
            VIEW.apply(9, 0, 2));
    assertThat(selector.score(keyframe(0, VIEW), points)).isEqualTo(0.5);
    assertThat(selector.score(keyframe(0, OPPOSITE), points.subList(0, 2))).isZero();
    assertThat(selector.score(keyframe(0, VIEW), List.of())).isZero();
  }

  @Test
  void choosesOverlappingKeyframesOnly() {
    List<Keyframe> candidates =
        List.of(keyframe(0, VIEW), keyframe(1, OPPOSITE), keyframe(2, VIEW));
    assertThat(ids(candidates, 3, 1)).containsExactly(0, 2);
  }

  @Test
  void drawsAsManyAsAskedForAndAllOfThemInTime() {
    List<Keyframe> candidates = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      candidates.add(keyframe(i, VIEW));
    }
    boolean[] drawn = new boolean[10];
    for (int seed = 0; seed < 60; seed++) {
      List<Integer> ids = ids(candidates, 3, seed);
      assertThat(ids).hasSize(3).doesNotHaveDuplicates().isSorted();
      ids.forEach(id -> drawn[id] = true);
    }
    // 60 draws of 3 of 10: one is never drawn once in 2e8.
    assertThat(drawn).containsOnly(true);
    assertThat(ids(candidates, 0, 1)).isEmpty();
    assertThat(ids(candidates, 20, 1)).hasSize(10);
    assertThat(ids(candidates, 3, 5)).isEqualTo(ids(candidates, 3, 5));
  }

  @Test
  void aFrameWithoutReadingsOverlapsNothing() {
    FramePixels blind = FramePixels.of(new float[FRAME.depthMetres().length], FRAME.rgb());
    assertThat(selector.select(blind, VIEW, List.of(keyframe(0, VIEW)), 3, new SplittableRandom(1)))
        .isEmpty();
  }

  private List<Integer> ids(List<Keyframe> candidates, int count, long seed) {
    return selector.select(FRAME, VIEW, candidates, count, new SplittableRandom(seed)).stream()
        .map(Keyframe::id)
        .toList();
  }

  private static Keyframe keyframe(int id, SE3 worldFromCamera) {
    return new Keyframe(id, SmallRoom.frame(0), worldFromCamera);
  }
}
