package io.roomfield.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SupportedDepthTest {
  private static final int WIDTH = 8;
  private static final int HEIGHT = 6;

  @Test
  void aSurfaceKeepsEveryReading() {
    float[] plane = new float[WIDTH * HEIGHT];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = 2f + 0.01f * (i % WIDTH);
    }
    assertThat(SupportedDepth.of(plane, WIDTH, HEIGHT)).isEqualTo(plane);
  }

  @Test
  void aReadingBetweenForegroundAndBackgroundIsDropped() {
    float[] depth = edge();
    depth[2 * WIDTH + 4] = 1.5f;
    float[] kept = SupportedDepth.of(depth, WIDTH, HEIGHT);
    assertThat(kept[2 * WIDTH + 4]).isZero();
    kept[2 * WIDTH + 4] = 1.5f;
    assertThat(kept).as("everything else").isEqualTo(depth);
  }

  @Test
  void aLineOnePixelWideSupportsItself() {
    float[] depth = edge();
    for (int y = 0; y < HEIGHT; y++) {
      depth[y * WIDTH + 6] = 0.8f;
    }
    float[] kept = SupportedDepth.of(depth, WIDTH, HEIGHT);
    // Its two ends in the image's border rows have one neighbour only.
    for (int y = 1; y < HEIGHT - 1; y++) {
      assertThat(kept[y * WIDTH + 6]).isEqualTo(0.8f);
    }
  }

  @Test
  void noReadingStaysNone() {
    assertThat(SupportedDepth.of(new float[WIDTH * HEIGHT], WIDTH, HEIGHT)).containsOnly(0f);
  }

  /** One metre on the left, three on the right. */
  private static float[] edge() {
    float[] depth = new float[WIDTH * HEIGHT];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = i % WIDTH < 4 ? 1f : 3f;
    }
    return depth;
  }
}
