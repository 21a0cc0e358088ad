package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SensorNoiseTest {
  private static final float[] EXACT = EmptyRoom.walk(1).depths().getFirst().metres();

  @Test
  void aFifthIsExactAndHalfIsAKinect() {
    SplittableRandom random = new SplittableRandom(1);
    Map<SensorNoise, Integer> counts = new EnumMap<>(SensorNoise.class);
    int draws = 10_000;
    for (int i = 0; i < draws; i++) {
      counts.merge(SensorNoise.draw(random), 1, Integer::sum);
    }
    // Four standard deviations of a share near 0.5: 4 * 0.5 / 100.
    Offset<Double> chance = Offset.offset(0.02);
    assertThat(counts.get(SensorNoise.NONE) / (double) draws).isCloseTo(0.2, chance);
    assertThat(counts.get(SensorNoise.KINECT) / (double) draws).isCloseTo(0.5, chance);
    assertThat(counts.get(SensorNoise.TIME_OF_FLIGHT) / (double) draws).isCloseTo(0.3, chance);
  }

  @Test
  void withoutNoiseReadingsAreExact() {
    assertThat(SensorNoise.NONE.apply(EXACT, 1)).isSameAs(EXACT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void sensorsReadNearlyTheDepthAndRepeatForASeed(SensorNoise sensor) {
    float[] before = EXACT.clone();
    float[] readings = sensor.apply(EXACT, 1);
    assertThat(EXACT).as("the input stays").isEqualTo(before);
    assertThat(sensor.apply(EXACT, 1)).isEqualTo(readings);
    assertThat(sensor.apply(EXACT, 2)).isNotEqualTo(readings);
    int read = 0;
    int near = 0;
    for (int i = 0; i < readings.length; i++) {
      read += readings[i] > 0 ? 1 : 0;
      near += readings[i] > 0 && Math.abs(readings[i] - EXACT[i]) < 0.05 ? 1 : 0;
    }
    // A plain room within 4 m: both sensors read most of it, to a few centimetres.
    assertThat(read).isGreaterThan(readings.length / 2);
    assertThat(near).isGreaterThan(95 * read / 100);
  }
}
