package io.roomfield.slam.pretrain;

import java.util.Locale;

/**
 * A figure of a training at a step: a row of {@code curves.csv}.
 *
 * @param seconds since the training began
 * @param stage of the training
 * @param kind training or validation
 * @param step of the stage, from 1
 * @param name of the figure, its unit last, as in {@code depth_m}
 * @param value of the figure
 */
record CurvePoint(double seconds, String stage, Kind kind, int step, String name, double value) {
  static final String CSV_HEADER = "seconds,stage,kind,step,name,value";

  /** Means over the training's own rooms since the last row, or figures of a validation. */
  enum Kind {
    TRAINING,
    VALIDATION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  String csv() {
    return String.format(
        Locale.ROOT, "%.1f,%s,%s,%d,%s,%s", seconds, stage, kind, step, name, value);
  }
}
