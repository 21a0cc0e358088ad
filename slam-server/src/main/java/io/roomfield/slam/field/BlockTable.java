package io.roomfield.slam.field;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of the allocated blocks of a block-sparse lattice, found by block coordinates through a
 * page table: a dense array of block numbers over the bounding box of the allocated blocks, which
 * grows with them. Numbers are given in order of allocation and never change.
 */
public final class BlockTable {
  private static final int MAX_PAGE_ENTRIES = 1 << 26;
  private static final int INITIAL_CAPACITY = 16;

  /** The next stamp of any block of any lattice. */
  private static final AtomicLong NEXT_STAMP = new AtomicLong(1);

  private final double blockMetres;

  private int[] page = new int[0];
  private int minX;
  private int minY;
  private int minZ;
  private int sizeX;
  private int sizeY;
  private int sizeZ;

  private int[] blockX = new int[INITIAL_CAPACITY];
  private int[] blockY = new int[INITIAL_CAPACITY];
  private int[] blockZ = new int[INITIAL_CAPACITY];
  private int count;

  /**
   * @param blockMetres a block's edge, for errors
   */
  public BlockTable(double blockMetres) {
    this.blockMetres = blockMetres;
  }

  /**
   * A stamp for what a block holds now: greater than all that were given before, so that equal
   * stamps mean equal contents, and later stamps later changes.
   */
  public static long nextStamp() {
    return NEXT_STAMP.getAndIncrement();
  }

  /** A copy that does not see later allocations in this one. */
  public BlockTable snapshot() {
    BlockTable copy = new BlockTable(blockMetres);
    copy.page = page.clone();
    copy.minX = minX;
    copy.minY = minY;
    copy.minZ = minZ;
    copy.sizeX = sizeX;
    copy.sizeY = sizeY;
    copy.sizeZ = sizeZ;
    // Shared: entries below the count never change, and growing replaces the arrays.
    copy.blockX = blockX;
    copy.blockY = blockY;
    copy.blockZ = blockZ;
    copy.count = count;
    return copy;
  }

  public int count() {
    return count;
  }

  /**
   * The page table: block numbers, or -1, over a box of block coordinates, x running fastest.
   *
   * @param numbers {@code [sizeZ, sizeY, sizeX]}, not a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Page(
      int[] numbers, int minX, int minY, int minZ, int sizeX, int sizeY, int sizeZ) {}

  /** The page table as it is now. */
  public Page page() {
    return new Page(page, minX, minY, minZ, sizeX, sizeY, sizeZ);
  }

  public int x(int number) {
    return blockX[number];
  }

  public int y(int number) {
    return blockY[number];
  }

  public int z(int number) {
    return blockZ[number];
  }

  /** Number of the block at these block coordinates, or -1. */
  public int at(int bx, int by, int bz) {
    int x = bx - minX;
    int y = by - minY;
    int z = bz - minZ;
    if (x < 0 || y < 0 || z < 0 || x >= sizeX || y >= sizeY || z >= sizeZ) {
      return -1;
    }
    return page[(z * sizeY + y) * sizeX + x];
  }

  /**
   * Gives the next number, {@link #count}, to a block that has none yet.
   *
   * @throws IllegalStateException if the blocks' bounding box becomes too large for the page table
   */
  public int add(int bx, int by, int bz) {
    ensurePage(bx, by, bz);
    if (count == blockX.length) {
      blockX = Arrays.copyOf(blockX, 2 * count);
      blockY = Arrays.copyOf(blockY, 2 * count);
      blockZ = Arrays.copyOf(blockZ, 2 * count);
    }
    int number = count++;
    blockX[number] = bx;
    blockY[number] = by;
    blockZ[number] = bz;
    page[((bz - minZ) * sizeY + by - minY) * sizeX + bx - minX] = number;
    return number;
  }

  private void ensurePage(int bx, int by, int bz) {
    boolean empty = page.length == 0;
    int x0 = empty ? bx : Math.min(minX, bx);
    int y0 = empty ? by : Math.min(minY, by);
    int z0 = empty ? bz : Math.min(minZ, bz);
    int x1 = empty ? bx : Math.max(minX + sizeX - 1, bx);
    int y1 = empty ? by : Math.max(minY + sizeY - 1, by);
    int z1 = empty ? bz : Math.max(minZ + sizeZ - 1, bz);
    if (!empty
        && x0 == minX
        && y0 == minY
        && z0 == minZ
        && x1 - x0 < sizeX
        && y1 - y0 < sizeY
        && z1 - z0 < sizeZ) {
      return;
    }
    long entries = (x1 - x0 + 1L) * (y1 - y0 + 1L) * (z1 - z0 + 1L);
    if (entries > MAX_PAGE_ENTRIES) {
      throw new IllegalStateException(
          "map extends over %d x %d x %d blocks of %.2f m (expected: a box of at most %d blocks)"
              .formatted(x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1, blockMetres, MAX_PAGE_ENTRIES));
    }
    int[] grown = new int[(int) entries];
    Arrays.fill(grown, -1);
    int sx = x1 - x0 + 1;
    int sy = y1 - y0 + 1;
    for (int i = 0; i < count; i++) {
      grown[((blockZ[i] - z0) * sy + blockY[i] - y0) * sx + blockX[i] - x0] = i;
    }
    page = grown;
    minX = x0;
    minY = y0;
    minZ = z0;
    sizeX = sx;
    sizeY = sy;
    sizeZ = z1 - z0 + 1;
  }
}
