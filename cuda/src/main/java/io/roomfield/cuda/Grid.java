package io.roomfield.cuda;

/**
 * Blocks and threads of a launch.
 *
 * @param blocksX blocks along x; 0 launches nothing
 * @param blocksY blocks along y; 0 launches nothing
 * @param threads threads of a block, 1 to 1024
 * @param sharedBytes dynamic shared memory of a block
 */
public record Grid(int blocksX, int blocksY, int threads, int sharedBytes) {
  private static final int MAX_BLOCKS_Y = 65_535;
  private static final int MAX_THREADS = 1024;

  /** Checks the ranges that hold for every device. */
  public Grid {
    require(blocksX >= 0, "blocksX", blocksX, ">= 0");
    require(blocksY >= 0 && blocksY <= MAX_BLOCKS_Y, "blocksY", blocksY, "0 to 65535");
    require(threads >= 1 && threads <= MAX_THREADS, "threads", threads, "1 to 1024");
    require(sharedBytes >= 0, "sharedBytes", sharedBytes, ">= 0");
  }

  /**
   * Returns as many blocks as it takes to give each item a thread; none for no items.
   *
   * @param items number of items, 0 or more
   * @param threads threads of a block, 1 to 1024
   */
  public static Grid covering(long items, int threads) {
    require(items >= 0, "items", items, ">= 0");
    require(threads >= 1, "threads", threads, "1 to 1024");
    return new Grid(Math.toIntExact(Math.ceilDiv(items, threads)), 1, threads, 0);
  }

  /** Returns the same grid with dynamic shared memory of so many bytes for each block. */
  public Grid withShared(int bytes) {
    return new Grid(blocksX, blocksY, threads, bytes);
  }

  boolean isEmpty() {
    return blocksX == 0 || blocksY == 0;
  }

  /** Returns the grid in words: "120x1 blocks of 256 threads, 4096 bytes shared". */
  @Override
  public String toString() {
    return blocksX
        + "x"
        + blocksY
        + " blocks of "
        + threads
        + " threads, "
        + sharedBytes
        + " bytes shared";
  }

  private static void require(boolean holds, String name, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
