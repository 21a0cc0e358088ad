package io.roomfield.slam.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.alignment.FramePyramid.Level;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FramePyramidTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(200, 120, 150, 155, 98.2, 61.7);

  private final float[] depth = new float[200 * 120];
  private final byte[] rgb = new byte[3 * 200 * 120];

  @Test
  void halvesUntilAnEdgeWouldBeTooShort() {
    assertThat(pyramid().levels())
        .extracting(level -> level.camera().width() + "x" + level.camera().height())
        // A third level would be 25x15.
        .containsExactly("100x60", "50x30");
    PinholeCamera large = new PinholeCamera(640, 480, 525, 525, 319.5, 239.5);
    assertThat(FramePyramid.of(large, new float[640 * 480], new byte[3 * 640 * 480]).levels())
        .extracting(level -> level.camera().width())
        .containsExactly(320, 160, 80);
  }

  @Test
  void theSmallestCameraIsNotHalved() {
    PinholeCamera small = new PinholeCamera(16, 16, 12, 12, 7.5, 7.5);
    assertThat(FramePyramid.of(small, new float[16 * 16], new byte[3 * 16 * 16]).levels())
        .extracting(Level::camera)
        .containsExactly(small);
  }

  @Test
  void aPointProjectsToTheSamePlaceOnEveryLevel() {
    double[] point = {0.3, -0.2, 1.7};
    double column = CAMERA.fx() * point[0] / point[2] + CAMERA.cx();
    double row = CAMERA.fy() * point[1] / point[2] + CAMERA.cy();
    int pixels = 2;
    for (Level level : pyramid().levels()) {
      PinholeCamera half = level.camera();
      // Pixel (0, 0) is a centre: the image's corner lies half a pixel before it on every level.
      assertThat(half.fx() * point[0] / point[2] + half.cx() + 0.5)
          .isCloseTo((column + 0.5) / pixels, within(1e-12)); // rounding of numbers below 200
      assertThat(half.fy() * point[1] / point[2] + half.cy() + 0.5)
          .isCloseTo((row + 0.5) / pixels, within(1e-12));
      pixels *= 2;
    }
  }

  @Test
  void depthIsTheMeanOfTheNearestSurface() {
    readings(0, 0, 1.00f, 1.02f, 1.01f, 1.01f);
    readings(1, 0, 1.00f, 2.00f, 1.02f, 2.02f);
    readings(2, 0, 0, 0, 1.5f, 0);
    // At 4 m readings of one surface stray by 3 sigmas of 2.6 cm.
    readings(3, 0, 4.00f, 4.06f, 0, 4.10f);
    float[] half = pyramid().levels().getFirst().depthMetres();
    assertThat(half[0]).isCloseTo(1.01f, within(1e-6f)); // single precision
    assertThat(half[1]).as("the nearer of two surfaces").isCloseTo(1.01f, within(1e-6f));
    assertThat(half[2]).as("one reading").isEqualTo(1.5f);
    assertThat(half[3]).as("farther than noise explains").isCloseTo(4.03f, within(1e-6f));
    assertThat(half[4]).as("no reading").isZero();
  }

  @Test
  void intensityIsTheMeanLuma() {
    Arrays.fill(rgb, (byte) 255);
    // Two red pixels of four, the others white.
    for (int pixel : new int[] {0, 201}) {
      rgb[3 * pixel + 1] = 0;
      rgb[3 * pixel + 2] = 0;
    }
    float[] half = pyramid().levels().getFirst().intensity();
    assertThat(half[0]).isCloseTo((1 + 0.299f) / 2, within(1e-6f)); // single precision
    assertThat(half[1]).isCloseTo(1, within(1e-6f));
    assertThat(pyramid().levels().get(1).intensity()[0])
        .isCloseTo((3 + (1 + 0.299f) / 2) / 4, within(1e-6f));
  }

  /** The four readings under a pixel of the finest level. */
  private void readings(int column, int row, float... four) {
    for (int i = 0; i < 4; i++) {
      depth[(2 * row + i / 2) * CAMERA.width() + 2 * column + i % 2] = four[i];
    }
  }

  private FramePyramid pyramid() {
    return FramePyramid.of(CAMERA, depth, rgb);
  }
}
