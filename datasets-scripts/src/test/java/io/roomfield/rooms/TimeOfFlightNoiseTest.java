package io.roomfield.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeOfFlightNoiseTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 131, 131, 79.5, 59.5);
  private static final int WIDTH = CAMERA.width();
  private static final int HEIGHT = CAMERA.height();

  /** Depth by the slope of the ray's x; the same in every row. */
  private static float[] image(DoubleUnaryOperator depthOfSlope) {
    float[] depth = new float[WIDTH * HEIGHT];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = (float) depthOfSlope.applyAsDouble((i % WIDTH - CAMERA.cx()) / CAMERA.fx());
    }
    return depth;
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 0", "2, 0.7", "1.5, -1"})
  void spreadFollowsTheFormula(double z0, double tangent) {
    float[] truth = image(slope -> z0 / (1 - slope * tangent));
    float[] read = TimeOfFlightNoise.apply(truth, CAMERA, 3);
    double squares = 0;
    int count = 0;
    for (int i = 0; i < truth.length; i++) {
      int x = i % WIDTH;
      if (x > 1 && x < WIDTH - 2 && read[i] > 0 && read[i + 1] > 0) {
        // The slow bias of neighbours cancels.
        double difference = error(truth, read, i + 1, tangent) - error(truth, read, i, tangent);
        squares += difference * difference;
        count++;
      }
    }
    assertThat(count).isGreaterThan(truth.length / 2);
    // Over 9,600 differences: 3 sigma are 2.6 %; the bias changes by up to 0.2 mm a pixel.
    assertThat(Math.sqrt(squares / count)).isCloseTo(Math.sqrt(2), within(0.05 * Math.sqrt(2)));
  }

  /** Error in standard deviations of the formula; the plane's normal is (tangent, 0, -1). */
  private static double error(float[] truth, float[] read, int i, double tangent) {
    double a = (i % WIDTH - CAMERA.cx()) / CAMERA.fx();
    double b = (Math.floorDiv(i, WIDTH) - CAMERA.cy()) / CAMERA.fy();
    double cosine = (1 - a * tangent) / Math.sqrt((1 + tangent * tangent) * (a * a + b * b + 1));
    return (read[i] - (double) truth[i]) / TimeOfFlightNoise.sigma(truth[i], cosine);
  }

  @Test
  void sigmaIsAFewMillimetresAndGrows() {
    assertThat(TimeOfFlightNoise.sigma(1, 1)).isBetween(0.001, 0.0015);
    assertThat(TimeOfFlightNoise.sigma(4, 1)).isBetween(0.004, 0.006);
    assertThat(TimeOfFlightNoise.sigma(2, 0.5)).isEqualTo(2 * TimeOfFlightNoise.sigma(2, 1));
  }

  @Test
  void biasOfAPlaneIsSmall() {
    float[] read = TimeOfFlightNoise.apply(image(slope -> 2), CAMERA, 3);
    double sum = 0;
    for (float z : read) {
      assertThat(z).as("a plane 2 m away is read everywhere").isPositive();
      sum += z - 2;
    }
    assertThat(sum / read.length).isCloseTo(0, within(TimeOfFlightNoise.WIGGLE));
  }

  @Test
  void concaveCornersAreReadTooFarAndConvexOnesAreNot() {
    // Two planes at right angles, 2 m away where they meet, in the image's middle.
    assertThat(biasInTheMiddle(slope -> 2 / (1 + Math.abs(slope)))).isBetween(0.003, 0.02);
    assertThat(biasInTheMiddle(slope -> 2 / (1 - Math.abs(slope)))).isBetween(-0.001, 0.001);
  }

  /** Mean error of the middle columns over some seeds, so that the slow bias averages out. */
  private static double biasInTheMiddle(DoubleUnaryOperator depthOfSlope) {
    float[] truth = image(depthOfSlope);
    double sum = 0;
    int count = 0;
    for (int seed = 0; seed < 40; seed++) {
      float[] read = TimeOfFlightNoise.apply(truth, CAMERA, seed);
      for (int y = 10; y < HEIGHT - 10; y++) {
        int i = y * WIDTH + WIDTH / 2;
        sum += read[i] > 0 ? read[i] - truth[i] : 0;
        count += read[i] > 0 ? 1 : 0;
      }
    }
    return sum / count;
  }

  @Test
  void edgesAreLostOrFlyInTheSharesStated() {
    float[] truth = image(slope -> slope < 0 ? 1 : 2);
    int lost = 0;
    int flying = 0;
    int count = 0;
    for (int seed = 0; seed < 10; seed++) {
      float[] read = TimeOfFlightNoise.apply(truth, CAMERA, seed);
      for (int y = 0; y < HEIGHT; y++) {
        float z = read[y * WIDTH + WIDTH / 2];
        lost += z == 0 ? 1 : 0;
        flying += z > 0 && z < 2 ? 1 : 0;
        count++;
      }
    }
    // 1200 draws: 3 sigma of a share are 4 %.
    assertThat((double) lost / count).isCloseTo(TimeOfFlightNoise.EDGE_LOSS, within(0.045));
    assertThat((double) flying / count).isCloseTo(TimeOfFlightNoise.EDGE_MIXING, within(0.045));
  }

  @Test
  void farSurfacesAreLostWhereTheyAreDarkAndAllBeyondTheRange() {
    int read = 0;
    for (float z : TimeOfFlightNoise.apply(image(slope -> 5), CAMERA, 3)) {
      read += z > 0 ? 1 : 0;
    }
    assertThat(read).isBetween(WIDTH * HEIGHT / 4, WIDTH * HEIGHT - 100);
    assertThat(TimeOfFlightNoise.apply(image(slope -> 6), CAMERA, 3)).containsOnly(0f);
    assertThat(TimeOfFlightNoise.apply(image(slope -> 0.2), CAMERA, 3)).containsOnly(0f);
    assertThat(TimeOfFlightNoise.apply(image(slope -> 0), CAMERA, 3)).containsOnly(0f);
  }

  @Test
  void repeatsBySeed() {
    float[] truth = image(slope -> 2);
    float[] first = TimeOfFlightNoise.apply(truth, CAMERA, 3);
    assertThat(TimeOfFlightNoise.apply(truth, CAMERA, 3)).isEqualTo(first);
    assertThat(TimeOfFlightNoise.apply(truth, CAMERA, 4)).isNotEqualTo(first);
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    assertThatThrownBy(() -> TimeOfFlightNoise.apply(new float[10], CAMERA, 0))
        .hasMessage("depth: 10 values (expected: 160 x 120)");
  }
}
