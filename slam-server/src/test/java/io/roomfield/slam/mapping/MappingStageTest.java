package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import java.util.EnumMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MappingStageTest {
  /** The paper's: mid to 40 %, fine to 60 %, then colour. */
  private static final MappingConfig PAPER = Presets.load("paper-replica").mapping();

  @Test
  void aRoundIsSharedAsPublished() {
    assertThat(counts(60))
        .isEqualTo(Map.of(MappingStage.MID, 24, MappingStage.FINE, 12, MappingStage.COLOUR, 24));
    assertThat(counts(1500))
        .isEqualTo(Map.of(MappingStage.MID, 600, MappingStage.FINE, 300, MappingStage.COLOUR, 600));
  }

  @Test
  void theSingleIterationOfARoundIsMid() {
    assertThat(counts(1)).isEqualTo(Map.of(MappingStage.MID, 1));
  }

  private static Map<MappingStage, Integer> counts(int iterations) {
    Map<MappingStage, Integer> counts = new EnumMap<>(MappingStage.class);
    MappingStage last = MappingStage.MID;
    for (int i = 0; i < iterations; i++) {
      MappingStage stage = MappingStage.of(i, iterations, PAPER);
      assertThat(stage).as("iteration %d", i).isGreaterThanOrEqualTo(last);
      counts.merge(stage, 1, Integer::sum);
      last = stage;
    }
    return counts;
  }

  @Test
  void everyStageReadsWhatItOptimises() {
    assertThat(MappingStage.MID.fieldStage()).isEqualTo(FieldStage.MID);
    assertThat(MappingStage.FINE.fieldStage()).isEqualTo(FieldStage.FINE);
    assertThat(MappingStage.COLOUR.fieldStage()).isEqualTo(FieldStage.COLOUR);
  }

  @Test
  void ratesAreThePapers() {
    assertRates(MappingStage.MID, 1, Map.of(FieldLevel.MID, 0.1));
    assertRates(MappingStage.FINE, 1, Map.of(FieldLevel.MID, 0.005, FieldLevel.FINE, 0.005));
    assertRates(
        MappingStage.COLOUR,
        1,
        Map.of(FieldLevel.MID, 0.005, FieldLevel.FINE, 0.005, FieldLevel.COLOUR, 0.005));
  }

  @Test
  void theFirstFramesRatesAreMultiplied() {
    assertRates(MappingStage.MID, 5, Map.of(FieldLevel.MID, 0.5));
    assertRates(MappingStage.FINE, 5, Map.of(FieldLevel.MID, 0.025, FieldLevel.FINE, 0.025));
  }

  private static void assertRates(
      MappingStage stage, double factor, Map<FieldLevel, Double> expected) {
    Map<FieldLevel, Double> rates = stage.rates(PAPER, factor);
    assertThat(rates).containsOnlyKeys(expected.keySet());
    // One product's rounding.
    expected.forEach(
        (level, rate) -> assertThat(rates.get(level)).isEqualTo(rate, Offset.offset(1e-15)));
  }
}
