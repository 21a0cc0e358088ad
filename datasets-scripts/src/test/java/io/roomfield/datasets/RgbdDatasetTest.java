package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RgbdDatasetTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(32, 24, 30, 30, 15.5, 11.5);
  private static final double DEPTH_SCALE = 5000;

  @Test
  void selectsByStartStrideAndCount() {
    RgbdDataset dataset = dataset(10);
    assertThat(indices(dataset.select(0, 1, Integer.MAX_VALUE))).hasSize(10);
    assertThat(indices(dataset.select(1, 3, Integer.MAX_VALUE))).containsExactly(1, 4, 7);
    assertThat(indices(dataset.select(2, 2, 2))).containsExactly(2, 4);
  }

  @Test
  void refusesSelectionsOutOfRange() {
    RgbdDataset dataset = dataset(10);
    assertThatThrownBy(() -> dataset.select(10, 1, 1))
        .hasMessage("start: 10 (expected: 0 to 9, the sequence flat has 10 frames)");
    assertThatThrownBy(() -> dataset.select(0, 0, 1)).hasMessage("stride: 0 (expected: > 0)");
    assertThatThrownBy(() -> dataset.select(0, 1, 0)).hasMessage("max-frames: 0 (expected: > 0)");
  }

  @Test
  void noiseDependsOnSeedAndFrameAlone() throws IOException {
    RgbdDataset clean = dataset(3);
    float[] whole = depth(NoisyDepth.of(clean, 7), 2);
    float[] part = depth(NoisyDepth.of(clean.select(2, 1, 1), 7), 0);
    assertThat(part).isEqualTo(whole);
    assertThat(depth(NoisyDepth.of(clean, 8), 2)).isNotEqualTo(whole);
    assertThat(whole).isNotEqualTo(depth(clean, 2));
    // Two metres away at this focal length a step of disparity is about 0.2 m of depth; four steps
    // are past anything that the model draws.
    for (float metres : whole) {
      assertThat(metres == 0 || Math.abs(metres - 2) < 0.8).isTrue();
    }
  }

  @Test
  void rawDepthRoundsToTheNearestUnitAndDropsWhatDoesNotFit() throws IOException {
    float[] metres = new float[CAMERA.width() * CAMERA.height()];
    metres[0] = 1.00009f;
    metres[1] = 14;
    metres[2] = -1;
    metres[3] = Float.NaN;
    float[] back = DepthImages.metres(DepthImages.raw(metres, DEPTH_SCALE), CAMERA, DEPTH_SCALE);
    assertThat(back[0]).isEqualTo(1f);
    assertThat(back[1]).as("past 65535 units").isZero();
    assertThat(back[2]).isZero();
    assertThat(back[3]).isZero();
  }

  @Test
  void refusesDepthOfAnotherSize() {
    PinholeCamera other = new PinholeCamera(64, 48, 30, 30, 15.5, 11.5);
    assertThatThrownBy(() -> DepthImages.metres(flat(2), other, DEPTH_SCALE))
        .hasMessage("depth image has 1536 bytes (expected: 6144 for 64x48)");
  }

  private static RgbdDataset dataset(int frames) {
    List<RgbdEntry> entries =
        IntStream.range(0, frames)
            .mapToObj(
                i ->
                    new RgbdEntry(
                        i, i, ColourImage::getDefaultInstance, () -> flat(2), Optional.empty()))
            .toList();
    return new RgbdDataset("flat", CAMERA, DEPTH_SCALE, entries, Optional.empty());
  }

  private static DepthImage flat(float metres) {
    float[] values = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(values, metres);
    return DepthImages.raw(values, DEPTH_SCALE);
  }

  private static float[] depth(RgbdDataset dataset, int frame) throws IOException {
    return DepthImages.metres(dataset.frames().get(frame).depth().load(), CAMERA, DEPTH_SCALE);
  }

  private static List<Integer> indices(RgbdDataset dataset) {
    return dataset.frames().stream().map(RgbdEntry::index).toList();
  }
}
