package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.CudaStream;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.slam.field.BlockTable;
import io.roomfield.slam.field.FeatureGrid;
import java.lang.ref.WeakReference;
import java.util.Arrays;

/** A feature grid as the device sees it. Guarded by its {@link DeviceFields}. */
final class DeviceGrid implements AutoCloseable {
  private final WeakReference<FeatureGrid> grid;
  private final BlockStore store;
  private BlockStore.Slot[] slots = {};
  private long[] stamps = {};
  private long[] addresses = {};
  private int count;
  private BlockTable.Page page;

  /** Whether the device has the tables as they are here. */
  private boolean complete;

  private DeviceBuffer table;
  private DeviceBuffer pageNumbers;

  /** Calls that use it now. */
  private int pins;

  DeviceGrid(FeatureGrid grid, CudaContext context, BlockStore store) {
    this.grid = new WeakReference<>(grid);
    this.store = store;
    table = DeviceBuffer.allocate(context, "block table", Long.BYTES);
    try {
      pageNumbers = DeviceBuffer.allocate(context, "page table", Integer.BYTES);
    } catch (CudaException e) {
      table.close();
      throw e;
    }
  }

  boolean shows(FeatureGrid other) {
    return grid.refersTo(other);
  }

  boolean isForgotten() {
    return grid.refersTo(null);
  }

  void pin() {
    pins++;
  }

  void unpin() {
    pins--;
  }

  boolean isPinned() {
    return pins > 0;
  }

  /** Brings what changed; whether anything was sent. May be tried again where it failed. */
  boolean update(FeatureGrid now, CudaStream stream) {
    boolean grown = now.blockCount() != count || page == null;
    complete &= !grown;
    resize(now.blockCount());
    for (int block = 0; now.channels() > 0 && block < count; block++) {
      long stamp = now.stamp(block);
      if (stamp != stamps[block]) {
        complete = false;
        int number = block;
        replace(number, store.share(stamp, () -> now.block(number), stream), stamp);
      }
    }
    if (complete) {
      return false;
    }
    page = now.page();
    int[] numbers = page.numbers();
    pageNumbers = pageNumbers.ensure((long) Integer.BYTES * Math.max(1, numbers.length));
    pageNumbers.upload(stream, numbers, 0, 0, numbers.length);
    table = table.ensure((long) Long.BYTES * Math.max(1, count));
    table.upload(stream, addresses, 0, 0, count);
    complete = true;
    return true;
  }

  private void resize(int blocks) {
    count = blocks;
    slots = Arrays.copyOf(slots, blocks);
    stamps = Arrays.copyOf(stamps, blocks);
    addresses = Arrays.copyOf(addresses, blocks);
  }

  private void replace(int block, BlockStore.Slot slot, long stamp) {
    if (slots[block] != null) {
      store.release(slots[block]);
    }
    put(block, slot, stamp);
  }

  private void put(int block, BlockStore.Slot slot, long stamp) {
    slots[block] = slot;
    stamps[block] = stamp;
    addresses[block] = slot.address();
  }

  /** Makes blocks' features its own, to be changed on the device. */
  void own(int[] blocks, CudaStream stream) {
    complete = false;
    for (int block : blocks) {
      put(block, store.own(slots[block], stream), stamps[block]);
    }
    table.upload(stream, addresses, 0, 0, count);
    complete = true;
  }

  /** An owned block's features now have this stamp on the host as well. */
  void publish(int block, long stamp) {
    stamps[block] = stamp;
    store.publish(slots[block], stamp);
  }

  /** Forgets what the device made of owned blocks: they come from the host again. */
  void abandon(int[] blocks) {
    for (int block : blocks) {
      store.release(slots[block]);
      slots[block] = null;
      stamps[block] = 0;
    }
  }

  BlockStore.Slot slot(int block) {
    return slots[block];
  }

  /**
   * As {@code struct Grid} in grid.cuh.
   *
   * @param gradients address of the table of gradients by block number, 0 for none
   */
  Struct view(FeatureGrid now, long gradients) {
    return new Struct()
        .buffer(table)
        .address(gradients)
        .buffer(pageNumbers)
        .i32(page.minX(), page.minY(), page.minZ())
        .i32(page.sizeX(), page.sizeY(), page.sizeZ())
        .i32(now.channels())
        .f32((float) (1 / now.voxelEdge()));
  }

  @Override
  public void close() {
    for (BlockStore.Slot slot : slots) {
      if (slot != null) {
        store.release(slot);
      }
    }
    slots = new BlockStore.Slot[0];
    table.close();
    pageNumbers.close();
  }
}
