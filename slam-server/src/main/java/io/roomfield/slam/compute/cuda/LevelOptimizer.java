package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.Grid;
import io.roomfield.slam.compute.Moments;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.optim.AdamStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** One level's share of a {@link DeviceFieldOptimizer}'s rounds. */
final class LevelOptimizer implements AutoCloseable {
  private static final int MASK_WORDS = FeatureGrid.BLOCK_VOXELS / Long.SIZE;

  /** {@code struct BlockStep} of adam.cu. */
  private static final int STEP_BYTES = 5 * Long.BYTES;

  private static final int ADAM_THREADS = 256;

  /** Moments of one block and the steps it has taken. */
  private static final class Kept {
    final BlockStore.Slot first;
    final BlockStore.Slot second;
    int steps;

    Kept(BlockStore store, int length) {
      first = store.take(length);
      try {
        second = store.take(length);
      } catch (CudaException e) {
        store.release(first);
        throw e;
      }
    }
  }

  private final FeatureGrid host;
  private final DeviceFields fields;
  private final BlockStore store;
  private final boolean keepMoments;
  private final int length;
  private Kept[] moments = {};

  /** Null between rounds. */
  private DeviceGrid grid;

  private int[] active = {};
  private boolean stepped;
  private boolean kept;
  private DeviceBuffer gradients;
  private DeviceBuffer table;
  private DeviceBuffer steps;

  /**
   * @param store of moments
   */
  LevelOptimizer(FeatureGrid host, DeviceFields fields, BlockStore store, boolean keepMoments) {
    this.host = host;
    this.fields = fields;
    this.store = store;
    this.keepMoments = keepMoments;
    length = FeatureGrid.BLOCK_VOXELS * host.channels();
  }

  void begin(long[][] masks, Workspace work) {
    active = IntStream.range(0, masks.length).filter(b -> masks[b] != null).toArray();
    stepped = false;
    moments = Arrays.copyOf(moments, Math.max(moments.length, masks.length));
    grid = fields.pinned(host, work);
    fields.own(grid, active, work);
    for (int block : active) {
      beginMoments(block, work);
    }
    if (active.length > 0) {
      allocate(work);
      upload(masks, work);
    }
  }

  private void beginMoments(int block, Workspace work) {
    boolean fresh = moments[block] == null;
    if (fresh) {
      moments[block] = new Kept(store, length);
    }
    if (fresh || !keepMoments) {
      moments[block].first.fill(work.stream(), 0);
      moments[block].second.fill(work.stream(), 0);
      moments[block].steps = 0;
    }
  }

  private void allocate(Workspace work) {
    long blocks = active.length;
    gradients = ensured(gradients, "fixed-point gradients", Long.BYTES * blocks * length, work);
    table = ensured(table, "gradient table", (long) Long.BYTES * moments.length, work);
    steps = ensured(steps, "Adam's blocks", blocks * (STEP_BYTES + Long.BYTES * MASK_WORDS), work);
  }

  private DeviceBuffer ensured(DeviceBuffer buffer, String name, long bytes, Workspace work) {
    return buffer == null
        ? DeviceBuffer.allocate(work.context(), name, bytes)
        : buffer.ensure(bytes);
  }

  /** Sends the gradients' table, and the blocks that Adam steps, their masks behind them. */
  private void upload(long[][] masks, Workspace work) {
    long[] addresses = new long[moments.length];
    ByteBuffer structs =
        ByteBuffer.allocate(active.length * (STEP_BYTES + Long.BYTES * MASK_WORDS))
            .order(ByteOrder.nativeOrder());
    long maskAt = steps.pointer() + (long) STEP_BYTES * active.length;
    for (int i = 0; i < active.length; i++) {
      int block = active[i];
      addresses[block] = gradients.pointer() + (long) Long.BYTES * length * i;
      structs
          .putLong(grid.slot(block).address())
          .putLong(addresses[block])
          .putLong(moments[block].first.address())
          .putLong(moments[block].second.address())
          .putLong(maskAt + (long) Long.BYTES * MASK_WORDS * i);
    }
    for (int block : active) {
      for (long word : masks[block]) {
        structs.putLong(word);
      }
    }
    table.upload(work.stream(), addresses, 0, 0, addresses.length);
    steps.upload(work.stream(), structs.array(), 0, 0, structs.capacity());
  }

  /** Its gradients are not kept. */
  void rest() {
    kept = false;
  }

  /** Its gradients are kept from now on. */
  void prepare() {
    kept = active.length > 0;
  }

  /** Sets the gradients to zero, where they are kept. */
  void clear(Workspace work) {
    if (kept) {
      work.fill(gradients, 0, 0, 2L * active.length * length);
    }
  }

  /** Address of the gradients by block number; 0 where they are not kept. */
  long gradientTable() {
    return kept ? table.pointer() : 0;
  }

  /** Blocks that a step changes. */
  int activeBlocks() {
    return active.length;
  }

  /** Gives a step to the device; {@link #stepped} is called when it was. */
  void step(double rate, StepRates rates, Workspace work) {
    if (active.length == 0) {
      return;
    }
    long first = rates.next();
    for (int block : active) {
      rates.add(new AdamStep(rate, moments[block].steps + 1));
    }
    work.arguments().buffer(steps).address(first).i32(host.channels()).i32(length);
    int blocks = Math.ceilDiv(length, ADAM_THREADS);
    work.launch("adam_blocks", new Grid(active.length, blocks, ADAM_THREADS, 0));
  }

  void stepped() {
    stepped |= active.length > 0;
    for (int block : active) {
      moments[block].steps++;
    }
  }

  /** Brings the blocks that were stepped to the host. */
  void finish(Workspace work) {
    if (grid == null) {
      return;
    }
    if (!stepped) {
      abandon();
      return;
    }
    for (int block : active) {
      BlockStore.Slot slot = grid.slot(block);
      slot.download(work.stream(), host.blockToChange(block));
      fields.publish(grid, block, host.stamp(block));
    }
    end();
  }

  /** Forgets a round that did not finish. */
  void abandon() {
    if (grid != null) {
      fields.abandon(grid, active);
      end();
    }
  }

  private void end() {
    fields.unpin(grid);
    grid = null;
    active = new int[0];
    kept = false;
  }

  /** A copy of a block's moments, between rounds; empty where it has none. */
  Optional<Moments> moments(int block, Workspace work) {
    if (!keepMoments || block >= moments.length || moments[block] == null) {
      return Optional.empty();
    }
    float[] first = new float[length];
    float[] second = new float[length];
    moments[block].first.download(work.stream(), first);
    moments[block].second.download(work.stream(), second);
    return Optional.of(new Moments(first, second, moments[block].steps));
  }

  /** Gives a block the moments that were kept. */
  void restore(int block, Moments kept, Workspace work) {
    moments = Arrays.copyOf(moments, Math.max(moments.length, block + 1));
    if (moments[block] == null) {
      moments[block] = new Kept(store, length);
    }
    moments[block].first.upload(work.stream(), kept.first());
    moments[block].second.upload(work.stream(), kept.second());
    moments[block].steps = kept.steps();
  }

  void forget(int[] blocks) {
    for (int block : blocks) {
      if (block < moments.length && moments[block] != null) {
        store.release(moments[block].first);
        store.release(moments[block].second);
        moments[block] = null;
      }
    }
  }

  @Override
  public void close() {
    abandon();
    for (DeviceBuffer buffer : new DeviceBuffer[] {gradients, table, steps}) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
