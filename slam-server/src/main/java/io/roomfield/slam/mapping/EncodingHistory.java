package io.roomfield.slam.mapping;

import io.roomfield.slam.field.FeatureGrid;

/** What was known of a block's vertices when they were encoded, and what mapping did since. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EncodingHistory(byte[] seenPoints, float[] meanDistance, byte[] rounds) {
  /** Of a block that was not encoded yet. */
  EncodingHistory() {
    this(
        new byte[FeatureGrid.BLOCK_VOXELS],
        new float[FeatureGrid.BLOCK_VOXELS],
        new byte[FeatureGrid.BLOCK_VOXELS]);
  }
}
