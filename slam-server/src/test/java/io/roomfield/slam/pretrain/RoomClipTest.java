package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RoomClipTest {
  private static Clip clip;

  @BeforeAll
  static void record() {
    clip = RoomClip.record(0);
  }

  @Test
  void heldOutViewsLieBetweenTheKeyframes() {
    assertThat(clip.kind()).isEqualTo(Clip.Kind.ROOM);
    assertThat(numbers(clip.keyframes())).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
    assertThat(numbers(clip.between())).containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17);
  }

  @Test
  void readingsAreNoisyAndTheExactDepthIsKnown() {
    View view = clip.keyframes().getFirst();
    float[] exact = view.exactMetres();
    float[] sensed = view.sensed().depthMetres();
    int[] read = IntStream.range(0, exact.length).filter(i -> sensed[i] > 0).toArray();
    assertThat(read.length).isBetween(exact.length / 4, exact.length - 1);
    double[] errors = IntStream.of(read).mapToDouble(i -> sensed[i] - exact[i]).toArray();
    // Half a Kinect's steps at 1 m and at its end, 6 m (see KinectNoise).
    assertThat(DepthError.of(errors).medianCm()).isBetween(0.05, 6.0);
  }

  @Test
  void theSameRoomIsRecordedAlike() {
    ProbePixels first = ProbePixels.draw(clip.between(), 100, new SplittableRandom(1));
    List<View> again = RoomClip.record(0).between();
    ProbePixels second = ProbePixels.draw(again, 100, new SplittableRandom(1));
    assertThat(second.rays().depth).isEqualTo(first.rays().depth);
    assertThat(second.exact()).isEqualTo(first.exact()).doesNotContain(0f);
  }

  private static List<Integer> numbers(List<View> views) {
    return views.stream().map(view -> (int) view.frame().sequenceNumber()).toList();
  }
}
