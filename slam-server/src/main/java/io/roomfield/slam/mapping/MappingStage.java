package io.roomfield.slam.mapping;

import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import java.util.EnumMap;
import java.util.Map;

/** The stages of a mapping round, in order (NICE-SLAM, section 3.3; algorithm, section 3). */
public enum MappingStage {
  MID(FieldStage.MID),
  FINE(FieldStage.FINE),
  COLOUR(FieldStage.COLOUR);

  private final FieldStage fieldStage;

  MappingStage(FieldStage fieldStage) {
    this.fieldStage = fieldStage;
  }

  public FieldStage fieldStage() {
    return fieldStage;
  }

  /** The stage of iteration {@code i} of {@code iterations}. */
  public static MappingStage of(int i, int iterations, MappingConfig config) {
    if (i < config.midShare() * iterations) {
      return MID;
    }
    return i < config.fineShare() * iterations ? FINE : COLOUR;
  }

  /** The levels that the stage optimises, and their learning rates times {@code factor}. */
  public Map<FieldLevel, Double> rates(MappingConfig config, double factor) {
    Map<FieldLevel, Double> rates = new EnumMap<>(FieldLevel.class);
    rates.put(FieldLevel.MID, factor * (this == MID ? config.midRate() : config.fineRate()));
    if (this != MID) {
      rates.put(FieldLevel.FINE, factor * config.fineRate());
    }
    if (this == COLOUR) {
      rates.put(FieldLevel.COLOUR, factor * config.colourRate());
    }
    return rates;
  }
}
