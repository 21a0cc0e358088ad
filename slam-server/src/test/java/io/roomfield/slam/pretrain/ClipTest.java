package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.datasets.ColourImages;
import io.roomfield.datasets.DepthImages;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipTest {
  private static final double DEPTH_SCALE = 1000;

  /** A pixel well inside the image whose reading hangs before everything else. */
  private static final int FLYING = 30 * SmallRoom.CAMERA.width() + 40;

  @Test
  void keyframesAreATenthApartAndHeldOutFramesInTheMiddle() throws IOException {
    Clip clip = Clip.read(sequence(250, 0), Clip.Kind.SENSOR);
    assertThat(numbers(clip.keyframes()))
        .containsExactly(0, 20, 40, 60, 80, 100, 120, 140, 160, 180);
    assertThat(numbers(clip.between())).containsExactly(10, 30, 50, 70, 90, 110, 130, 150, 170);
    assertThat(clip.keyframes().get(3).worldFromCamera()).isEqualTo(pose(60));
  }

  @Test
  void shortSequencesAreDividedAlike() throws IOException {
    Clip clip = Clip.read(sequence(25, 0), Clip.Kind.SENSOR);
    assertThat(numbers(clip.keyframes())).containsExactly(0, 2, 5, 7, 10, 12, 15, 17, 20, 22);
    assertThat(numbers(clip.between())).containsExactly(1, 3, 6, 8, 11, 13, 16, 18, 21);
  }

  @Test
  void framesWithoutAPoseAreLeftOut() throws IOException {
    Clip clip = Clip.read(sequence(250, 4), Clip.Kind.SENSOR);
    assertThat(numbers(clip.keyframes()).getFirst()).isEqualTo(4);
  }

  @Test
  void tooFewFramesAreRefused() {
    assertThatThrownBy(() -> Clip.read(sequence(30, 11), Clip.Kind.SENSOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test: 19 frames with a pose (expected: at least 20)");
  }

  @Test
  void mappingSeesSupportedReadingsAndMeasuresSeeAll() throws IOException {
    View view = Clip.read(sequence(20, 0), Clip.Kind.SENSOR).keyframes().getFirst();
    assertThat(view.sensed().depthMetres()[FLYING]).isEqualTo(0.5f);
    assertThat(view.pixels().depthMetres()[FLYING]).isZero();
    ProbePixels pixels = ProbePixels.draw(List.of(view), 20_000, new SplittableRandom(1));
    for (int ray = 0; ray < pixels.rays().count; ray++) {
      float reading = pixels.rays().depth[ray];
      assertThat(reading).isPositive();
      if (reading == 0.5f) {
        assertThat(pixels.supported()[ray]).isFalse();
      }
    }
    // Three draws a pixel on average: the flying one is among them.
    assertThat(pixels.supported()).contains(false).contains(true);
  }

  private static List<Integer> numbers(List<View> views) {
    return views.stream().map(view -> (int) view.frame().sequenceNumber()).toList();
  }

  /** Every frame shows the same; the first {@code withoutPose} have no pose. */
  private static RgbdDataset sequence(int frames, int withoutPose) {
    float[] depth = SmallRoom.frame(0).depthMetres().clone();
    depth[FLYING] = 0.5f;
    List<RgbdEntry> entries =
        IntStream.range(0, frames)
            .mapToObj(
                i ->
                    new RgbdEntry(
                        i,
                        i,
                        () -> ColourImages.raw(SmallRoom.frame(0).rgb()),
                        () -> DepthImages.raw(depth, DEPTH_SCALE),
                        i < withoutPose ? Optional.empty() : Optional.of(pose(i))))
            .toList();
    return new RgbdDataset("test", SmallRoom.CAMERA, DEPTH_SCALE, entries, Optional.empty());
  }

  private static SE3 pose(int number) {
    return SmallRoom.pose(number);
  }
}
