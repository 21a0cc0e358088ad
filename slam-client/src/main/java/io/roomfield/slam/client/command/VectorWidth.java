package io.roomfield.slam.client.command;

import jdk.incubator.vector.FloatVector;

/** Loaded only where the incubator module is: see {@link DoctorCommand}. */
final class VectorWidth {
  private VectorWidth() {}

  static String describe() {
    return "%d bits, %d floats"
        .formatted(
            FloatVector.SPECIES_PREFERRED.vectorBitSize(), FloatVector.SPECIES_PREFERRED.length());
  }
}
