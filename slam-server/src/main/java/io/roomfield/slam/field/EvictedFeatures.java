package io.roomfield.slam.field;

/** Where a block's features are while they are not in memory. */
public interface EvictedFeatures {
  /** Reads them as they were when they left memory; on any thread. */
  float[] features();

  /** Told after they have come back, holding no lock of the grid's. */
  void loaded();
}
