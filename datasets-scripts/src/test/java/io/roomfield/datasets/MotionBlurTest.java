package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MotionBlurTest {
  private static final int WIDTH = 64;
  private static final int EDGE = 32;
  private static final int HALF = MotionBlur.PIXELS / 2;

  private final byte[] rgb = new byte[3 * 2 * WIDTH];
  private final float[] depth = new float[2 * WIDTH];

  @Test
  void edgesSmearAlongRowsAndFlatPartsStay() {
    for (int pixel = 0; pixel < depth.length; pixel++) {
      boolean right = pixel % WIDTH >= EDGE;
      depth[pixel] = right ? 3 : 1;
      Arrays.fill(rgb, 3 * pixel, 3 * pixel + 3, (byte) (right ? 250 : 10));
    }
    depth[0] = 0;
    blur();
    assertThat(depth[0]).as("no reading stays none").isZero();
    assertThat(depth[1]).as("only readings count").isEqualTo(1);
    assertThat(depth[WIDTH]).as("rows do not mix").isEqualTo(1);
    assertThat(depth[EDGE - HALF - 1]).isEqualTo(1);
    assertThat(depth[EDGE + HALF]).isEqualTo(3);
    assertThat(rgb[3 * (EDGE + HALF)]).isEqualTo((byte) 250);
    // The right side's first pixel sees 7 of the left side and 8 of its own; float32 sums.
    assertThat(depth[EDGE]).isCloseTo((7 * 1 + 8 * 3) / 15f, within(1e-6f));
    assertThat(rgb[3 * EDGE] & 0xFF).isEqualTo(Math.round((7 * 10 + 8 * 250) / 15f));
  }

  private void blur() {
    new MotionBlur(WIDTH)
        .apply(
            new RgbdEntry(
                0,
                0,
                ColourImage::getDefaultInstance,
                DepthImage::getDefaultInstance,
                Optional.empty()),
            rgb,
            depth);
  }
}
