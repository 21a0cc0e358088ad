package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KinectNoiseTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final double FX = 525;
  private static final double STEP_AT_1M =
      1 / (KinectNoise.SUBPIXELS * FX * KinectNoise.BASELINE_METRES);

  /** A wall, very slightly slanted, so that every phase of the rounding occurs. */
  private static float[] wall(double z) {
    float[] depth = new float[WIDTH * HEIGHT];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = (float) (z * (1 + 0.04 * (i % WIDTH - WIDTH / 2.0) / WIDTH));
    }
    return depth;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 4})
  void spreadGrowsWithTheSquareOfTheDepth(double z) {
    float[] truth = wall(z);
    float[] read = KinectNoise.apply(truth, WIDTH, HEIGHT, FX, 5);
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < truth.length; i++) {
      if (read[i] > 0) {
        double error = (read[i] - truth[i]) / ((double) truth[i] * truth[i]);
        sum += error;
        squares += error * error;
        count++;
      }
    }
    double model =
        STEP_AT_1M
            * Math.sqrt(1.0 / 12 + KinectNoise.DISPARITY_SIGMA * KinectNoise.DISPARITY_SIGMA);
    assertThat(count).isGreaterThan((int) (0.99 * truth.length));
    // 77,000 samples: 3 sigma of a standard deviation are 0.8 %; the second-order term of 1/d and
    // unequal phases add up to 4 %.
    assertThat(Math.sqrt(squares / count)).isCloseTo(model, within(0.05 * model));
    assertThat(sum / count).as("bias").isCloseTo(0, within(0.05 * model));
  }

  @Test
  void readingsAreWholeSubpixelsOfDisparity() {
    float[] read = KinectNoise.apply(wall(2), WIDTH, HEIGHT, FX, 5);
    for (float z : read) {
      if (z > 0) {
        double disparity = 1 / (STEP_AT_1M * z);
        assertThat(disparity).isCloseTo(Math.rint(disparity), within(1e-4)); // float32 of z
      }
    }
  }

  @Test
  void nothingIsReadBeyondTheRangeOrWhereNothingIs() {
    assertThat(KinectNoise.apply(wall(0.3), WIDTH, HEIGHT, FX, 5)).containsOnly(0f);
    assertThat(KinectNoise.apply(wall(7), WIDTH, HEIGHT, FX, 5)).containsOnly(0f);
    assertThat(KinectNoise.apply(wall(0), WIDTH, HEIGHT, FX, 5)).containsOnly(0f);
  }

  @Test
  void aNearObjectThrowsAShadowToItsLeft() {
    float[] depth = new float[WIDTH * HEIGHT];
    Arrays.fill(depth, 3f);
    for (int y = 100; y < 140; y++) {
      Arrays.fill(depth, y * WIDTH + 150, y * WIDTH + 200, 1f);
    }
    float[] read = KinectNoise.apply(depth, WIDTH, HEIGHT, FX, 5);
    int shadow = (int) (FX * KinectNoise.BASELINE_METRES * (1 - 1 / 3.0));
    for (int x = 150 - shadow; x < 150; x++) {
      assertThat(read[120 * WIDTH + x]).as("x %d", x).isZero();
    }
    assertThat(read[120 * WIDTH + 150 - shadow - 5]).isPositive();
    assertThat(read[120 * WIDTH + 205]).isPositive();
  }

  @Test
  void grazingSurfacesAreNotRead() {
    float[] depth = new float[WIDTH * HEIGHT];
    double sensorHeight = 0.1;
    for (int y = 0; y < HEIGHT; y++) {
      double ray = (y - (HEIGHT - 1) / 2.0) / FX;
      float z = ray > 0 ? (float) (sensorHeight / ray) : 0;
      Arrays.fill(depth, y * WIDTH, (y + 1) * WIDTH, z);
    }
    float[] read = KinectNoise.apply(depth, WIDTH, HEIGHT, FX, 5);
    int row = HEIGHT / 2 + 20; // the floor at 87.8 degrees of incidence, 2.6 m away
    assertThat(Arrays.copyOfRange(read, row * WIDTH, row * WIDTH + WIDTH)).containsOnly(0f);
  }

  @Test
  void repeatsBySeed() {
    float[] first = KinectNoise.apply(wall(2), WIDTH, HEIGHT, FX, 5);
    assertThat(KinectNoise.apply(wall(2), WIDTH, HEIGHT, FX, 5)).isEqualTo(first);
    assertThat(KinectNoise.apply(wall(2), WIDTH, HEIGHT, FX, 6)).isNotEqualTo(first);
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    assertThatThrownBy(() -> KinectNoise.apply(new float[10], 4, 3, FX, 0))
        .hasMessage("depth: 10 values (expected: 4 x 3)");
  }

  /** The subsampled image of a VGA sensor, a quarter of its size. */
  private static final PinholeCamera QUARTER =
      new PinholeCamera(640, 480, FX, FX, 319.5, 239.5).scaledTo(160, 120);

  @Test
  void aSubsampledImageHasTheSensorsSteps() {
    float[] truth = new float[QUARTER.width() * QUARTER.height()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = 2 + 0.0005f * (i % QUARTER.width());
    }
    float[] read = KinectNoise.apply(truth, QUARTER, FX, 5);
    double squares = 0;
    int count = 0;
    for (int i = 0; i < truth.length; i++) {
      if (read[i] > 0) {
        double disparity = 1 / (STEP_AT_1M * read[i]);
        double error = (read[i] - truth[i]) / ((double) truth[i] * truth[i]);
        assertThat(disparity).isCloseTo(Math.rint(disparity), within(1e-4)); // float32 of z
        squares += error * error;
        count++;
      }
    }
    double model =
        STEP_AT_1M
            * Math.sqrt(1.0 / 12 + KinectNoise.DISPARITY_SIGMA * KinectNoise.DISPARITY_SIGMA);
    assertThat(count).isGreaterThan((int) (0.99 * truth.length));
    // 19,000 samples: 3 sigma are 1.6 %; unequal phases of the rounding add up to 4 %.
    assertThat(Math.sqrt(squares / count)).isCloseTo(model, within(0.06 * model));
  }

  @Test
  void theImageOfTheSensorItselfIsAsEver() {
    PinholeCamera whole =
        new PinholeCamera(WIDTH, HEIGHT, FX, FX, (WIDTH - 1) / 2.0, (HEIGHT - 1) / 2.0);
    assertThat(KinectNoise.apply(wall(2), whole, FX, 5))
        .isEqualTo(KinectNoise.apply(wall(2), WIDTH, HEIGHT, FX, 5));
  }

  @Test
  void refusesASensorWithoutFocalLength() {
    float[] depth = new float[QUARTER.width() * QUARTER.height()];
    assertThatThrownBy(() -> KinectNoise.apply(depth, QUARTER, 0, 5))
        .hasMessage("fx: 0.0 (expected: > 0 pixels)");
  }
}
