package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingScheduleTest {
  @ParameterizedTest
  @CsvSource({"6000, 8", "100, 8", "9, 8", "8, 8", "3, 8", "1, 8", "7, 1"})
  void theLastValidationIsAtTheEnd(int steps, int validations) {
    Training.Schedule schedule = new Training.Schedule(2, steps, 1e-3, validations);
    int[] after = IntStream.rangeClosed(1, steps).filter(schedule::validatesAfter).toArray();
    assertThat(after).hasSize(Math.min(steps, validations)).endsWith(steps);
  }
}
