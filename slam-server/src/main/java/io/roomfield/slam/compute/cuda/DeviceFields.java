package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import java.util.ArrayList;
import java.util.List;

/**
 * The grids and decoders that the device holds. The host has all that is here, so what no call uses
 * can be dropped when memory is short ({@link DeviceCalls}), and comes again when it is asked for.
 */
final class DeviceFields implements AutoCloseable {
  private final CudaContext context;
  private final BlockStore store;
  private final List<DeviceGrid> grids = new ArrayList<>();
  private final List<DeviceDecoder> decoders = new ArrayList<>();

  DeviceFields(CudaContext context) {
    this.context = context;
    store = new BlockStore(context);
  }

  /**
   * A grid as it is now, pinned until {@link #unpin}.
   *
   * @throws io.roomfield.cuda.CudaException.OutOfMemory if it does not fit beside what is there
   */
  synchronized DeviceGrid pinned(FeatureGrid grid, Workspace work) {
    dropForgotten();
    DeviceGrid found =
        grids.stream().filter(g -> g.shows(grid)).findFirst().orElseGet(() -> added(grid));
    // The most recently used last.
    grids.remove(found);
    grids.add(found);
    found.pin();
    try {
      if (found.update(grid, work.stream())) {
        // Others may use the same blocks on streams of their own.
        work.stream().synchronize();
      }
      return found;
    } catch (RuntimeException e) {
      work.stream().await();
      found.unpin();
      throw e;
    }
  }

  private DeviceGrid added(FeatureGrid grid) {
    DeviceGrid added = new DeviceGrid(grid, context, store);
    grids.add(added);
    return added;
  }

  synchronized void unpin(DeviceGrid grid) {
    grid.unpin();
  }

  /** A decoder with the weights that it has now. */
  synchronized DeviceDecoder of(Decoder decoder, Workspace work) {
    DeviceDecoder found = decoders.stream().filter(d -> d.shows(decoder)).findFirst().orElse(null);
    if (found == null) {
      found = new DeviceDecoder(decoder, context);
      decoders.add(found);
    }
    if (found.update(decoder, work)) {
      work.stream().synchronize();
    }
    return found;
  }

  /** Makes blocks of a pinned grid its own: see {@link DeviceGrid#own}. */
  synchronized void own(DeviceGrid grid, int[] blocks, Workspace work) {
    grid.own(blocks, work.stream());
    // What was copied from may go to another grid, whose upload is on another stream.
    work.stream().synchronize();
  }

  synchronized void publish(DeviceGrid grid, int block, long stamp) {
    grid.publish(block, stamp);
  }

  synchronized void abandon(DeviceGrid grid, int[] blocks) {
    grid.abandon(blocks);
  }

  /** Drops every grid that no call uses; whether there was one. */
  synchronized boolean evictIdle() {
    List<DeviceGrid> idle = grids.stream().filter(grid -> !grid.isPinned()).toList();
    idle.forEach(DeviceGrid::close);
    grids.removeAll(idle);
    boolean freed = store.trim();
    return !idle.isEmpty() || freed;
  }

  private void dropForgotten() {
    List<DeviceGrid> forgotten =
        grids.stream().filter(g -> g.isForgotten() && !g.isPinned()).toList();
    forgotten.forEach(DeviceGrid::close);
    grids.removeAll(forgotten);
    List<DeviceDecoder> unread = decoders.stream().filter(DeviceDecoder::isForgotten).toList();
    unread.forEach(DeviceDecoder::close);
    decoders.removeAll(unread);
  }

  @Override
  public synchronized void close() {
    grids.forEach(DeviceGrid::close);
    decoders.forEach(DeviceDecoder::close);
    store.close();
  }
}
