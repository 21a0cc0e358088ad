package io.roomfield.slam.mapping;

/**
 * The blocks of a map that are written down, and how many of them may stay in memory. Callable from
 * several threads.
 */
public interface KeptMap {
  /** Bytes of features and moments that a map may have in memory, once they are written down. */
  long budgetBytes();

  /** Reads a block as it was last written. */
  MapBlock block(MapBlock.Part part, int number);

  /** Told of blocks whose features have left memory. */
  void evicted(int blocks);
}
