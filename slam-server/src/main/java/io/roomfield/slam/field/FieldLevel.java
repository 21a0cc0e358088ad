package io.roomfield.slam.field;

/** The four feature grids (NICE-SLAM, section 3.1). */
public enum FieldLevel {
  COARSE,
  MID,
  FINE,
  COLOUR
}
