package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;

/** Prefix sums of counts as launches: tiles, then the sums of tiles likewise. */
final class PrefixSum {
  /** prefix_sum.cu: values of a tile, and threads of its block. */
  private static final int TILE = 1024;

  private static final int TILE_THREADS = 256;
  private static final int SHARED_BYTES = TILE_THREADS / Workspace.WARP * Integer.BYTES;

  private final Workspace work;

  PrefixSum(Workspace work) {
    this.work = work;
  }

  /** {@code values[i] <- values[0] + ... + values[i - 1]} for the first so many, > 0. */
  void exclusive(DeviceBuffer values, int count) {
    exclusive(values, count, 0);
  }

  private void exclusive(DeviceBuffer values, int count, int depth) {
    int tiles = Math.ceilDiv(count, TILE);
    DeviceBuffer sums = work.words("sums of tiles " + depth, tiles);
    work.arguments().buffer(values).i32(count).buffer(sums);
    work.launch("prefix_sum_tiles", new Grid(tiles, 1, TILE_THREADS, SHARED_BYTES));
    if (tiles > 1) {
      exclusive(sums, tiles, depth + 1);
      work.arguments().buffer(values).i32(count).buffer(sums);
      work.launch("prefix_sum_add", Grid.covering(count, Workspace.THREADS));
    }
  }

  /** Sums counts and returns their total, where the last of them is 0; waits for the device. */
  int totalled(DeviceBuffer values, int count) {
    exclusive(values, count);
    int[] total = new int[1];
    values.download(work.stream(), total, count - 1L, 0, 1);
    return total[0];
  }
}
