package io.roomfield.slam.field;

/** Which levels and decoders a pass over the field reads (NICE-SLAM, sections 3.1 and 3.3). */
public enum FieldStage {
  /** Coarse grid and its decoder only. */
  COARSE,
  /** Occupancy from the mid level: {@code o = sigmoid(10 f1)}. */
  MID,
  /** Occupancy from mid and fine: {@code o = sigmoid(10 (f1 + f2))}. */
  FINE,
  /** As {@link #FINE}, and colour. */
  COLOUR;

  /** Occupancy is {@code sigmoid(OCCUPANCY_SHARPNESS * logit)}. */
  public static final float OCCUPANCY_SHARPNESS = 10f;

  public boolean readsFine() {
    return this == FINE || this == COLOUR;
  }

  public boolean readsColour() {
    return this == COLOUR;
  }
}
